import { PATH_TABLE } from '../../model/path-table.ts';

/** Every class that a path can be of, so that a misspelt one is found before it matches nothing for ever. */
export const PATH_CLASSES: readonly string[] = [
  ...PATH_TABLE.map(([name]) => name),
  'workspace',
  'temp',
  'cache',
  'home',
  'system',
  'other',
  'memfd',
  'upper-layer',
  'disguised',
];
