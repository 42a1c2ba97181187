/** Where a value came from. Lines and columns count from 1. */
export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string };

/** One thing that is wrong, and what to do about it. */
export interface Problem {
  /** Absent when no source is to blame, such as for a value that is missing. */
  readonly origin?: Origin | undefined;
  readonly text: string;
}

/** `creance.yaml:3:5`, the variable, or the flag. */
export const describeOrigin = (origin: Origin): string =>
  origin.kind === 'file' ? `${origin.file}:${origin.line}:${origin.column}` : origin.name;

/** Every problem in one message, in the order in which a person would go through the sources. */
export const problemMessage = (problems: readonly Problem[]): string => {
  const lines = [...problems]
    .sort(bySource)
    .map(({ origin, text }) => `  ${origin ? `${describeOrigin(origin)}: ` : ''}${text}`);
  const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`;
  return [`the configuration has ${count}:`, ...new Set(lines)].join('\n');
};

const RANK = { file: 0, env: 1, flag: 2 } as const;

const bySource = ({ origin: a }: Problem, { origin: b }: Problem): number => {
  if (a?.kind === 'file' && b?.kind === 'file') return a.line - b.line || a.column - b.column;
  return (a ? RANK[a.kind] : 3) - (b ? RANK[b.kind] : 3);
};
