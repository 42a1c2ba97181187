import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SequenceRule } from './definition.ts';
import { readAll } from './read.ts';

export type { SequenceRule };

const SHIPPED = fileURLToPath(new URL('../../../rules/sequences/', import.meta.url));

/** The files of the shipped pack. */
export const shippedFiles = (): readonly string[] =>
  readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(SHIPPED, name));

/** Reads the shipped rules and the user's files over them. Throws an Error that names the places and what is wrong there. */
export const loadSequenceRules = (files: readonly string[] = []): readonly SequenceRule[] =>
  readAll([...shippedFiles(), ...files]);
