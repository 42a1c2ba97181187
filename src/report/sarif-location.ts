import type { Location } from 'sarif';
import type { Finding } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';
import type { SessionReport } from './session-report.ts';
import { scopeText } from './sessions-text.ts';

const MAX_PATH = 500;
const MAX_NAME = 300;

/**
 * Where code scanning shows a finding. It asks for a file of the repository: the first that the accused actions wrote or
 * read there, else a name that stands for the job.
 */
export const locationOf = (finding: Finding, report: SessionReport): Location => {
  const { session, actions } = report;
  const accused = actions.filter(({ index }) => finding.actions.includes(index));
  const touched = accused.flatMap(({ effects }) => [...effects.writes, ...effects.reads]).map(({ path }) => path);
  const root = session.workspace === undefined ? undefined : `${session.workspace.replace(/\/+$/, '')}/`;
  const inside = root && touched.find((path) => path.startsWith(root) && !path.includes('/../'));
  const path = inside ? inside.slice(root.length) : `agent-session/${session.scope.job ?? session.agent}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path) },
      region: { startLine: 1 },
    },
    logicalLocations: [
      { fullyQualifiedName: printable(`${scopeText(report)} › ${session.agent}`, MAX_NAME), kind: 'session' },
    ],
  };
};

/** A relative reference of RFC 3986, whatever the path holds. */
const uriOf = (path: string): string =>
  printable(path, MAX_PATH)
    .split('/')
    .filter((part) => part !== '' && part !== '..')
    .map((part) => encodeURIComponent(part))
    .join('/');
