import { startChild } from './child.ts';
import { type Cost, inTurns } from './measure.ts';
import { printComparison, printTitle } from './print.ts';
import { sized } from './size.ts';

/**
 * Falco's gRPC output over a real unix socket: our source, queue and decoder against a client that only counts. Server and
 * clients are three processes; a client's figures are its own process's, from connecting to its last event.
 */
const EVENTS = sized(10_000, 6_000);
const ROUNDS = sized(9, 3);

const server = startChild('grpc/server.ts');
const clients = { ours: startChild('grpc/ours.ts'), bare: startChild('grpc/bare.ts') };
const { url, bytesPerEvent } = await server.ask<{ url: string; bytesPerEvent: number }>({ events: 0 });

const round = (client: keyof typeof clients) => async (): Promise<Cost> => {
  await server.ask({ events: EVENTS });
  const cost = await clients[client].ask<Cost>({ url, events: EVENTS });
  return { ...cost, bytes: EVENTS * bytesPerEvent };
};

printTitle('source + decode, gRPC');
printComparison(
  'grpc source, queue, decode',
  'bare grpc-js + proto-loader',
  await inTurns(round('ours'), round('bare'), ROUNDS),
  { ratio: 1.05 },
);
await Promise.all([server, clients.ours, clients.bare].map((child) => child.end()));
