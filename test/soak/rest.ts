import { until } from '../support/until.ts';
import { firingIn, readAlertFile } from './alert-file.ts';
import type { Books } from './books.ts';
import { type Injector, unaccounted } from './faults.ts';
import type { Scene } from './scene.ts';
import { alertmanagerAccount, outputAccount, raisedIn } from './sink-accounts.ts';

/** How long everything may take to come to rest once no events come. */
const REST_MS = 120_000;

export const webhookName = ({ webhook }: Scene): string => `webhook ${new URL(webhook.url).host}`;

/** Waits until nothing is under way any more; false when it does not come to rest. */
export const comeToRest = (scene: Scene, injector: Injector): Promise<boolean> =>
  until(() => isAtRest(scene, injector), { timeoutMs: REST_MS, everyMs: 500 }).catch(() => false);

const isAtRest = async (scene: Scene, { breaks }: Injector): Promise<boolean> => {
  const { creance, feed, fronts, known, file } = scene;
  const { life } = creance;
  const raised = raisedIn(life.figures);
  await Promise.all([creance.scrape(), ...known.map((one) => one.look())]);
  const { figures } = life;
  const told = breaks.reduce((sum, one) => sum + one.unaccounted, 0);
  const accounts = [
    ...fronts.map(({ name }) => alertmanagerAccount(figures, name)),
    ...['file', webhookName(scene)].map((sink) => outputAccount(figures, sink)),
  ];
  const sent = ({ name }: { readonly name: string }) =>
    figures.sum('creance_alertmanager_sent_total', { alertmanager: name });
  const isIdle =
    feed.waiting + figures.sum('creance_queue_records') + figures.sum('creance_sessions_open') === 0 &&
    unaccounted(scene) === told &&
    raised === raisedIn(figures) &&
    accounts.every(({ waiting }) => waiting === 0) &&
    fronts.every((front) => front.sentBy(life.number) === sent(front));
  if (!isIdle) return false;
  const firing = firingIn(readAlertFile(file, creance.lives));
  return known.every(({ now }) => now.size === firing.size && [...now].every((alert) => firing.has(alert)));
};

/** Everything that was kept account of. */
export const closeBooks = (scene: Scene, { outages, breaks }: Injector, rate: number): Books => {
  const { creance, feed, fronts, known, file, webhook } = scene;
  return {
    lives: creance.lives.map((life) => ({ ...life })),
    raised: readAlertFile(file, creance.lives),
    webhook: { name: webhookName(scene), taken: [...webhook.taken] },
    alertmanagers: fronts.map((front, index) => ({
      ...{ name: front.name, accepted: front.accepted, sent: front.sentBy(creance.life.number) },
      ...{ ever: known[index]?.ever ?? new Set(), now: known[index]?.now ?? new Set() },
    })),
    ...{ outages, breaks, rate, transport: feed.transport },
    ...{ sent: feed.sent, lost: feed.lost, waiting: feed.waiting, unaccounted: unaccounted(scene) },
  };
};
