import { Document, isCollection } from 'yaml';
import type { Description } from './settings-key.ts';
import type { Origin } from './settings-problem.ts';
import { maskSecrets } from './settings-secret.ts';

/** The settings in force as YAML, without secrets; each that is not a default says where it came from. */
export const printSettings = ({ keys }: Description, value: unknown, origins: ReadonlyMap<string, Origin>): string => {
  const document = new Document(value);
  for (const key of keys) {
    const shown = document.getIn(key.path);
    if (shown === undefined) continue;
    const plain = isCollection(shown) ? shown.toJS(document) : shown;
    const node = document.createNode(maskSecrets(plain, key), { flow: true });
    const origin = origins.get(key.name);
    if (origin) node.comment = ` ${from(origin)}`;
    document.setIn(key.path, node);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
};

const from = (origin: Origin): string =>
  origin.kind === 'file' ? `${origin.file}:${origin.line}` : `${origin.kind} ${origin.name}`;
