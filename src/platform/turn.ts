/** Runs `task` on a later turn of the event loop, after input and output have had theirs; the result cancels it. */
export type Turn = (task: () => void) => () => void;

export const nextTurn: Turn = (task) => {
  const immediate = setImmediate(task);
  return () => clearImmediate(immediate);
};

/** Resolves on a later turn, so that a long loop lets input and output go on. */
export const yieldTurn = (): Promise<void> => new Promise((resolve) => nextTurn(resolve));

/** The in-memory twin: a turn comes only when `run` is called. */
export class ManualTurn {
  readonly #tasks = new Set<() => void>();

  readonly turn: Turn = (task) => {
    const entry = () => task();
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  };

  /** Runs what waits now, not what these tasks ask for; the result is how many ran. */
  run(): number {
    const due = [...this.#tasks];
    for (const task of due) {
      this.#tasks.delete(task);
      task();
    }
    return due.length;
  }
}
