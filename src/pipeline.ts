import type { Observable, OperatorFunction } from 'rxjs';
import type { AgentAction } from './model/action.ts';
import type { Alert, Receipt } from './model/alert.ts';
import type { FalcoEvent } from './model/event.ts';
import type { Gap, Tick } from './model/flow.ts';
import type { RawRecord } from './model/record.ts';
import type { SessionEnd, SessionGap, SessionStart, TracedEvent } from './model/traced.ts';
import type { Verdict } from './model/verdict.ts';

type Lifecycle = SessionStart | SessionEnd | SessionGap;

/** One operator for each step from bytes to receipts. */
export interface Stages {
  readonly decode: OperatorFunction<RawRecord, FalcoEvent | Gap | Tick>;
  readonly trace: OperatorFunction<FalcoEvent | Gap | Tick, TracedEvent | Lifecycle | Tick>;
  readonly group: OperatorFunction<TracedEvent | Lifecycle | Tick, AgentAction | Lifecycle | Tick>;
  readonly judge: OperatorFunction<AgentAction | Lifecycle | Tick, Verdict | Tick>;
  readonly alert: OperatorFunction<Verdict | Tick, Alert | Tick>;
  readonly deliver: OperatorFunction<Alert | Tick, Receipt>;
}

/** The flow of the whole program: every record of every source takes these steps, in this order. */
export const pipeline = (records: Observable<RawRecord>, stages: Stages): Observable<Receipt> =>
  records.pipe(stages.decode, stages.trace, stages.group, stages.judge, stages.alert, stages.deliver);
