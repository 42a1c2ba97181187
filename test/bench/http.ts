import { freePort } from '../support/servers.ts';
import { startChild } from './child.ts';
import { type Cost, inTurns } from './measure.ts';
import { printComparison, printTitle } from './print.ts';
import { sized } from './size.ts';

/**
 * Falco's HTTP output over real loopback, one connection and one request at a time as Falco sends them: our receiver, queue
 * and decoder against a server that only counts bodies. Sender and servers are three processes.
 */
const EVENTS = sized(10_000, 2_000);
const ROUNDS = sized(9, 3);

const sender = startChild('http/sender.ts');
const servers = { ours: startChild('http/ours.ts'), bare: startChild('http/bare.ts') };

const round = (server: keyof typeof servers) => async (): Promise<Cost> => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  await servers[server].ask({ url, events: EVENTS });
  const { bytes } = await sender.ask<{ bytes: number }>({ url, events: EVENTS });
  return { ...(await servers[server].ask<Cost>({ url: undefined })), bytes };
};

printTitle('source + decode, HTTP');
printComparison(
  'http source, queue, decode',
  'bare node:http, counting',
  await inTurns(round('ours'), round('bare'), ROUNDS),
);
await Promise.all([sender, servers.ours, servers.bare].map((child) => child.end()));
