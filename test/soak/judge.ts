import { type Check, equal } from './check.ts';
import { judgeAlertmanager } from './judge-alertmanager.ts';
import { judgeEvents } from './judge-events.ts';
import { judgeLife } from './judge-life.ts';
import { judgeLog } from './judge-log.ts';
import { judgeWebhook } from './judge-webhook.ts';
import type { Seen } from './run.ts';

/** Everything but times and memory, which a loaded machine may spoil. */
export const judge = ({ books, lives, faults, rested }: Seen): readonly Check[] => [
  equal('runs that came to rest', rested ? 1 : 0, 1),
  ...judgeEvents(books),
  ...books.lives.flatMap((life) => judgeLife(life, books)),
  ...judgeWebhook(books),
  ...books.alertmanagers.flatMap((book) => judgeAlertmanager(book, books)),
  ...judgeLog(lives, faults),
];
