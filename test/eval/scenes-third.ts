import type { Scene } from './scenes.ts';
import { STAYING } from './third/attacks-staying.ts';
import { TAKING } from './third/attacks-taking.ts';
import { CODE } from './third/honest-code.ts';
import { OPERATIONS } from './third/honest-operations.ts';

/** Written before its author had read a rule or a weight. What it showed at first stands in the notes. */
export const THIRD: readonly Scene[] = [...CODE, ...OPERATIONS, ...TAKING, ...STAYING];
