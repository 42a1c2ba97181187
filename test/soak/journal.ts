/** What the soak did and saw, in order, with the seconds since its start. */
export class Journal {
  readonly #start = performance.now();
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1_000;
  }

  /** Resolves when so many seconds have gone by. */
  async reaches(seconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds - this.seconds) * 1_000));
  }

  note(text: string): void {
    this.#tell(`${this.seconds.toFixed(1).padStart(7)} s  ${text}`);
  }
}
