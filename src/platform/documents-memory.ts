import { type Documents, parseDocument } from './documents.ts';

/** Forgets everything when the process ends. */
export const memoryDocuments = (): Documents => {
  const collections = new Map<string, Map<string, string>>();
  const journals = new Map<string, string[]>();
  const collectionOf = (name: string): Map<string, string> => {
    const collection = collections.get(name) ?? new Map<string, string>();
    collections.set(name, collection);
    return collection;
  };
  return {
    name: 'memory:',
    put: async (collection, id, document) => {
      collectionOf(collection).set(id, JSON.stringify(document));
    },
    all: async (collection) =>
      new Map([...collectionOf(collection)].sort().map(([id, text]) => [id, parseDocument(text)])),
    remove: async (collection, id) => collectionOf(collection).delete(id),
    append: async (journal, line) => {
      journals.set(journal, [...(journals.get(journal) ?? []), JSON.stringify(line)]);
    },
    lines: async (journal) => (journals.get(journal) ?? []).map(parseDocument),
    close: async () => {},
  };
};
