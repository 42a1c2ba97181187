export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

type Truthy<Answer> = Exclude<Answer, false | null | undefined>;

/** Resolves with the first truthy answer of `condition`, asked again and again; rejects with its last error or a time-out. */
export const until = async <Answer>(
  condition: () => Answer | Promise<Answer>,
  { timeoutMs = 10_000, everyMs = 10 }: UntilOptions = {},
): Promise<Truthy<Answer>> => {
  const deadline = performance.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer as Truthy<Answer>;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) throw failure ?? new Error(`not so within ${timeoutMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
