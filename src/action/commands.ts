import { basename } from 'node:path/posix';
import type { EventProcess } from '../model/event.ts';
import { isMadeHere } from './executed.ts';
import { executedOf, familyOf } from './family.ts';
import { isTransparent } from './tools.ts';

/** Processes of one call whose programs are told apart; what more there is adds nothing to its name. */
const MAX_PROCESSES = 4_096;

/** The outermost programs of a call, by process: what the command line itself ran, and not what those ran in turn. */
export class Commands {
  /** What each process last executed; those behind a program that does the work are its own affair. */
  readonly #transparent = new Map<number, boolean>();
  readonly #outermost = new Map<number, { readonly family: string; readonly cmdline: string }>();

  /** `renamed` where the agent's own executable runs under another name (argv[0]). */
  executed(process: EventProcess, renamed: boolean, workspace: string | undefined): void {
    const name = renamed && process.exe ? basename(process.exe) : (process.name ?? '');
    const transparent = isTransparent(name);
    const nested = process.ancestors.some(({ pid }) => this.#transparent.get(pid) === false);
    if (this.#transparent.size < MAX_PROCESSES || this.#transparent.has(process.pid))
      this.#transparent.set(process.pid, transparent);
    if (nested) return;
    if (transparent) this.#outermost.delete(process.pid);
    else if (this.#outermost.size < MAX_PROCESSES) {
      const cmdline = process.cmdline ?? name;
      const family = isMadeHere(process, name, workspace) ? 'own program' : familyOf(executedOf(name, cmdline));
      this.#outermost.set(process.pid, { family, cmdline });
    }
  }

  get families(): readonly string[] {
    return [...this.#outermost.values()].map(({ family }) => family);
  }

  get cmdlines(): readonly string[] {
    return [...this.#outermost.values()].map(({ cmdline }) => cmdline);
  }

  clear(): void {
    this.#outermost.clear();
  }
}
