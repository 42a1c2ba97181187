import { startFalco } from '../../support/falco-double.ts';
import { until } from '../../support/until.ts';
import { answer } from '../child.ts';
import { bytesOf, richMessages } from '../recordings.ts';

/** Queues events for whoever connects next. */
const falco = await startFalco();
const messages = richMessages(2_000);

answer<{ events: number }>(async ({ events }) => {
  // A client that is just leaving would get its share of them.
  await until(() => falco.streams === 0);
  for (let index = 0; index < events; index++) falco.push(messages[index % messages.length] as Buffer);
  return { url: falco.url, bytesPerEvent: bytesOf(messages) / messages.length };
});
process.on('SIGTERM', () => {
  falco.dispose();
  process.exit();
});
