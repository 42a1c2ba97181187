/** What some events took. Processor time, because wall time on a shared machine is mostly other people's. */
export interface Cost {
  readonly events: number;
  readonly bytes: number;
  readonly cpuMicros: number;
  readonly wallMicros: number;
}

/** Starts measuring this process; the result stops and tells. */
export const startMeter = () => {
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  return (events: number, bytes: number): Cost => {
    const { user, system } = process.cpuUsage(cpu);
    return { events, bytes, cpuMicros: user + system, wallMicros: Number(process.hrtime.bigint() - wall) / 1_000 };
  };
};

/** One round of something that is measured. */
export type Round = () => Promise<Cost> | Cost;

export interface Comparison {
  readonly ours: readonly Cost[];
  readonly bare: readonly Cost[];
}

/** Runs both in turns, first the one, then the other first: what slows the machine down for a while slows both. */
export const inTurns = async (ours: Round, bare: Round, rounds: number): Promise<Comparison> => {
  const costs: Comparison & { ours: Cost[]; bare: Cost[] } = { ours: [], bare: [] };
  await ours();
  await bare();
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) costs.ours.push(await ours());
    costs.bare.push(await bare());
    if (round % 2 === 1) costs.ours.push(await ours());
  }
  return costs;
};

/** Runs one thing alone, `rounds` times after a first that warms up. */
export const alone = async (round: Round, rounds: number): Promise<readonly Cost[]> => {
  const costs: Cost[] = [];
  await round();
  for (let count = 0; count < rounds; count++) costs.push(await round());
  return costs;
};

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export const spread = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  const half = sorted.length / 2;
  const median = sorted.length % 2 === 1 ? at(Math.floor(half)) : (at(half - 1) + at(half)) / 2;
  return { min: at(0), median, max: at(sorted.length - 1) };
};

/** How many events ours handles in the processor time in which the bare one handles one, round by round. */
export const ratios = ({ ours, bare }: Comparison): Spread =>
  spread(ours.map((one, round) => perEvent(bare[round] as Cost) / perEvent(one)));

export const perEvent = ({ cpuMicros, events }: Cost): number => cpuMicros / events;
