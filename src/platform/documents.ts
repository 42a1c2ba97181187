/**
 * Small JSON documents by collection and id, and journals of lines that are only ever added to. What was put or appended is
 * there after a crash once the promise has resolved, and what was removed is not. Rejections carry one message that names
 * the place and the mend.
 */
export interface Documents {
  /** For messages; without credentials. */
  readonly name: string;
  /** Puts a document in the place of the one with this id, at once or not at all. */
  put(collection: string, id: string, document: object): Promise<void>;
  /** By id, in the order of ids. One that is no JSON is undefined. */
  all(collection: string): Promise<ReadonlyMap<string, unknown>>;
  /** False when it was not there. */
  remove(collection: string, id: string): Promise<boolean>;
  append(journal: string, line: object): Promise<void>;
  /** The oldest first. One that is no JSON is undefined. */
  lines(journal: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** Undefined for what is no JSON. */
export const parseDocument = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
