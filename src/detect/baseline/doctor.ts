import { type Check, checksOf } from '../../model/check.ts';
import { errorMessage } from '../../platform/error-message.ts';
import type { Logger } from '../../platform/log.ts';
import { openStore } from './open-store.ts';

const { ok, warning, problem } = checksOf('store');

const MEND = 'mend it, or choose another place with --store';

/** Says whether the store can be read and written. Leaves nothing behind. Never rejects. */
export const checkStore = async (url: string, log: Logger): Promise<readonly Check[]> => {
  if (url === 'memory:') {
    return [warning('store', 'memory: forgets what was learned when creance ends', 'store: file:/var/lib/creance')];
  }
  const store = await openStore(url, log);
  try {
    const { length } = await store.load();
    await store.probe();
    return [ok(store.name, `can be read and written; ${length} learned session${length === 1 ? '' : 's'}`)];
  } catch (error) {
    return [problem(store.name, errorMessage(error), MEND)];
  } finally {
    await store.close().catch(() => {});
  }
};
