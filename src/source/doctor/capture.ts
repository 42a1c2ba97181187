import { type Check, checksOf } from '../../model/check.ts';
import { lacksGrpc } from './release.ts';
import type { FalcoSettings } from './settings.ts';
import type { ConfigCheck } from './wanted.ts';

const { ok, warning, problem } = checksOf('falco.yaml');

/** What Falco sees and what it loses on its way from the kernel to its outputs, and whether it says so. */
export const checkCapture: ConfigCheck = (settings, { release }) => [
  ...checkEngine(settings, lacksGrpc(release)),
  ...checkSyscalls(settings),
  ...checkDropReports(settings),
  ...checkQueue(settings),
];

/** 8 MB for each pair of processors: what Falco takes by itself. */
const DEFAULT_PRESET = 4;

const checkEngine = (settings: FalcoSettings, current: boolean): readonly Check[] => {
  const kind = settings.text('engine.kind') ?? 'modern_ebpf';
  const checks: Check[] = [];
  if (current && (kind === 'ebpf' || kind === 'gvisor')) {
    checks.push(problem('engine.kind', `Falco 0.44 and later have no engine ${kind}`, 'engine:\n  kind: modern_ebpf'));
  }
  if (kind === 'replay' || kind === 'nodriver') {
    checks.push(
      problem(
        'engine.kind',
        `with ${kind}, Falco does not see what happens on this machine`,
        'engine:\n  kind: modern_ebpf',
      ),
    );
  }
  const key = `engine.${kind}.buf_size_preset`;
  const preset = settings.number(key, settings.number('syscall_buf_size_preset', DEFAULT_PRESET));
  checks.push(
    preset >= DEFAULT_PRESET
      ? ok(key, `${preset}; raise it by one when gaps of cause falco-drop show`)
      : warning(
          key,
          `${preset} is less than Falco’s own ${DEFAULT_PRESET}: a build fills it in no time, and events are lost`,
          `engine:\n  kind: ${kind}\n  ${kind}:\n    buf_size_preset: 5`,
        ),
  );
  if (settings.flag(`engine.${kind}.drop_failed_exit`, settings.flag('syscall_drop_failed_exit', false))) {
    checks.push(
      warning(
        `engine.${kind}.drop_failed_exit`,
        'calls that fail are never seen: refused connections, files that may not be read',
        `engine:\n  ${kind}:\n    drop_failed_exit: false`,
      ),
    );
  }
  return checks;
};

const NEEDED = new Set(
  'execve execveat procexit clone clone3 fork vfork open openat openat2 connect unlink unlinkat rename renameat renameat2 chmod fchmod setresuid setuid'.split(
    ' ',
  ),
);

const checkSyscalls = (settings: FalcoSettings): readonly Check[] => {
  const removed = settings
    .list('base_syscalls.custom_set')
    .filter((name): name is string => typeof name === 'string' && name.startsWith('!') && NEEDED.has(name.slice(1)));
  if (removed.length === 0) return [];
  return [
    problem(
      'base_syscalls.custom_set',
      `takes away calls that creance’s rules watch: ${removed.join(', ')}`,
      'remove these entries',
    ),
  ];
};

const TELL_ALL = 'syscall_event_drops:\n  threshold: 0\n  actions: [log, alert]\n  rate: 1\n  max_burst: 10';

/** Without `alert` Falco loses events and tells nobody who listens to its outputs. */
const checkDropReports = (settings: FalcoSettings): readonly Check[] => {
  const actions = settings.has('syscall_event_drops.actions')
    ? settings.list('syscall_event_drops.actions')
    : ['log', 'alert'];
  if (!actions.includes('alert')) {
    return [
      problem('syscall_event_drops.actions', 'lacks alert: when Falco loses events, nobody learns of it', TELL_ALL),
    ];
  }
  const threshold = settings.number('syscall_event_drops.threshold', 0.1);
  const rate = settings.number('syscall_event_drops.rate', 0.033_33);
  return [
    threshold > 0
      ? warning(
          'syscall_event_drops.threshold',
          `losses of less than ${Math.round(threshold * 100)} % of a second’s events are not told`,
          TELL_ALL,
        )
      : ok('syscall_event_drops.threshold', 'each loss is told'),
    rate < 1
      ? warning(
          'syscall_event_drops.rate',
          `of a row of losses, one is told in ${Math.round(1 / Math.max(rate, 1e-6))} s: the others look like seconds in which nothing happened`,
          TELL_ALL,
        )
      : ok('syscall_event_drops.rate', 'each second is told for itself'),
  ];
};

/** Shorter than this, a collection of garbage on our side looks to Falco like a receiver that is gone. */
const MIN_TIMEOUT_MS = 500;

const checkQueue = (settings: FalcoSettings): readonly Check[] => {
  const capacity = settings.number('outputs_queue.capacity', 0);
  const timeout = settings.number('output_timeout', 2_000);
  return [
    capacity === 0
      ? ok('outputs_queue.capacity', 'Falco keeps what its outputs cannot take yet; give its memory a limit')
      : warning(
          'outputs_queue.capacity',
          `Falco drops what does not fit into ${capacity} and tells it in its own metrics only`,
          'outputs_queue:\n  capacity: 0',
        ),
    timeout >= MIN_TIMEOUT_MS
      ? ok('output_timeout', `${timeout} ms`)
      : warning(
          'output_timeout',
          `${timeout} ms: a short pause of the receiver counts as a failure, and events come twice or not at all`,
          'output_timeout: 2000',
        ),
    settings.flag('watch_config_files', true)
      ? ok(
          'watch_config_files',
          'Falco restarts by itself when a rules file changes; each time is a gap of some seconds',
        )
      : ok('watch_config_files', 'is off: Falco takes changed rules at its next start'),
  ];
};
