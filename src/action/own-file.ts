import { relative } from 'node:path/posix';
import { isBelow, isControl, isSecret, pathClass } from '../model/path-class.ts';
import type { Nanos } from '../model/time.ts';
import { type ActionName, OpenAction } from './open-action.ts';
import type { FileOperation } from './own-files.ts';
import { fileSubject, symbolOf } from './symbol.ts';

/** What the agent itself does to one file, while it goes on. */
export class OpenFile {
  readonly action: OpenAction;
  path: string;
  #guessed: boolean;
  #writes = false;
  #deleted = false;
  /** False while every open has failed: the agent looked whether it is there. */
  #found = false;
  #probe = true;

  constructor(operation: FileOperation, start: Nanos, maxEvents: number) {
    this.action = new OpenAction(start, maxEvents);
    this.path = operation.path;
    this.#guessed = operation.guessed;
  }

  note({ path, guessed, writes, removes, failed, probe }: FileOperation): void {
    // An open by its full path tells the directory of a write that hid it.
    if (this.#guessed && !guessed) {
      this.path = path;
      this.#guessed = false;
    }
    if (!failed) {
      this.#found = true;
      this.#deleted = removes;
    }
    this.#writes ||= writes;
    if (!probe) this.#probe = false;
  }

  get writes(): boolean {
    return this.#writes;
  }

  /** True when nothing was done on the model's behalf: the agent looked, at its own files or in vain. */
  get idle(): boolean {
    return !this.#found || (this.#probe && !this.#writes);
  }

  name(workspace: string | undefined): ActionName {
    const unplaced = this.path.startsWith('?/');
    const found = pathClass(unplaced ? this.path.slice(1) : this.path, workspace);
    const name = unplaced && found === 'other' ? 'workspace' : found;
    const inside = workspace !== undefined && isBelow(this.path, workspace);
    const place = unplaced ? `…/${this.path.slice(2)}` : inside ? relative(workspace, this.path) || '.' : this.path;
    const verb = this.#deleted ? 'delete' : this.#writes ? 'edit' : 'read';
    const kind = this.#writes ? 'file-edit' : 'file-read';
    const subject = isSecret(name) || isControl(name) ? name : fileSubject(this.path, name);
    return {
      kind,
      title: `${verb} ${place}${this.#guessed && !unplaced ? ' (directory inferred)' : ''}`,
      symbol: symbolOf(kind, [subject], this.action.effects.build()),
    };
  }
}
