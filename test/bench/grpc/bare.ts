import { Client, credentials, type MethodDefinition } from '@grpc/grpc-js';
import { outputsService, type Response } from '../../support/falco-messages.ts';
import { answer } from '../child.ts';
import { type Cost, startMeter } from '../measure.ts';

/** A client as one writes it first: proto-loader decodes everything, and the events are counted. */
const { path, requestSerialize, responseDeserialize } = outputsService.sub as MethodDefinition<object, Response>;

const count = (url: string, events: number): Promise<Cost> =>
  new Promise((resolve) => {
    const stop = startMeter();
    const client = new Client(url, credentials.createInsecure());
    const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const poll = setInterval(() => call.write({}), 10);
    let seen = 0;
    call.write({});
    call.on('error', () => {});
    call.on('data', () => {
      seen++;
      if (seen < events) return;
      resolve(stop(events, 0));
      clearInterval(poll);
      call.cancel();
      client.close();
    });
  });

answer<{ url: string; events: number }>(({ url, events }) => count(url, events));
