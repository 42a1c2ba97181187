import { type Document, isMap, isNode, isPair, type LineCounter } from 'yaml';

/** Something wrong in a file of rules, at the place where its author must look. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export const problemText = ({ file, line, column, text }: RuleProblem): string => `${file}:${line}:${column}: ${text}`;

/** All that is wrong in the files of rules, in one message. */
export class RuleError extends Error {
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    super(`sequence rules: ${problems.map(problemText).join('; ')}`);
    this.problems = problems;
  }
}

export type Path = readonly PropertyKey[];

/** Finds places in one YAML document. */
export class Places {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  /** The place of a value; of a value that is missing, the nearest that encloses it. */
  value(path: Path, text: string): RuleProblem {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#at(node.range[0], text);
    }
    return this.#at(0, text);
  }

  /** The place of a key in the mapping at `path`. */
  key(path: Path, key: string, text: string): RuleProblem {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const pair = isMap(map) && map.items.find((item) => isPair(item) && String(item.key) === key);
    const node = pair ? pair.key : undefined;
    return isNode(node) && node.range ? this.#at(node.range[0], text) : this.value(path, text);
  }

  #at(offset: number, text: string): RuleProblem {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col, text };
  }
}
