import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const linesOf = (name: string): readonly string[] =>
  gunzipSync(readFileSync(join(import.meta.dirname, '../recordings', `${name}.jsonl.gz`)))
    .toString()
    .trim()
    .split('\n');

/** Events of whole sessions as Falco wrote them, each session later than the one before. */
export const CLEAN = linesOf('learn/claude-b00');
export const ALSO_CLEAN = linesOf('learn/claude-b01');
const ATTACK = linesOf('judge/claude-a00-aws-creds-exfil');
export const CLEAN_LATER = linesOf('judge/claude-b00');

const theft = ATTACK.findIndex((line) => line.includes('"evt.type":"connect"') && line.includes('203.0.113.66'));
/** A session up to its theft, which `credential-read-then-egress` finds, and what it did afterwards. */
export const THEFT = ATTACK.slice(0, theft + 60);
export const AFTER_THEFT = ATTACK.slice(theft + 60);
