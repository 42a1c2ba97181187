/** Kinds of novelty. Of one kind the heaviest piece counts, of what is plain all up to `PLAIN`; several kinds add up. */
export const KINDS = ['effect', 'destination', 'place', 'conduct', 'order', 'plain'] as const;
export type NoveltyKind = (typeof KINDS)[number];

export interface Weight {
  readonly kind: NoveltyKind;
  /** What it adds when it is entirely new. `ALERT` is an alert by itself. */
  readonly weight: number;
  /** Never excused by what was learned from sessions that nobody looked at. */
  readonly sensitive?: true;
}

/** Most that plain novelty can add: new programs and new kinds of action, however many. */
export const PLAIN = 1;

/** Score from which a deviation is an alert, at the default rate of false alerts. */
export const ALERT = 4;
/** Score from which it is an error, whatever the scope's own sessions were like. */
export const GRAVE = 8;

/** Programs whose purpose is to fetch, or to ask a service: that they reach out says nothing yet. */
const FETCHES =
  /[:+](in-process public|curl|wget|git [a-z-]+|gh [a-z]+|psql|pg_dump|pg_restore|createdb|mysql|mysqldump|mariadb|redis-cli|mongosh|(npm|npx|pnpm|yarn|bun|pip3?|uv|poetry|cargo|go|gem|bundle|apt|apt-get|brew|docker|helm|mvn|gradle|dotnet|kubectl|terraform|tofu|aws|gcloud|az)( [a-z:-]+)?)(\+|$)/;
/** Runs of what the project itself says, by a tool that would fetch under another name. */
const SCRIPTED = /[:+](npm|pnpm|yarn|bun) (run |test|start|exec|t\b)/;
/** Ways to anybody, and runs of code that stands in the project or in the command itself: where they lead, nobody has said. */
const OPEN =
  /^background:|[:+](ssh|nc|ncat|netcat|socat|telnet|openssl|ftp|tftp|dig|nslookup|own program|make|just|task|rake|tsx|ts-node|(node|python|ruby|perl|php|deno|bun|java|lua|Rscript)( |\+|$)|(npm|pnpm|yarn|bun|npx|poetry|uv|cargo|go|mvn|gradle|dotnet|bundle) (run|test|start|exec))/;

/**
 * Novelty weighs by what it touches. New programs and kinds of action are honest work's daily business and add little; a
 * secret, a foothold, a way out is what an attack cannot do without. A page fetched from a new host is innocent by
 * itself: it is what is done with it, or what was read before, that weighs.
 */
const WEIGHTS: readonly (readonly [pattern: RegExp, weight: Weight])[] = [
  [/^mark shell on socket$/, { kind: 'effect', weight: 10, sensitive: true }],
  // A project's own settings file: made and read by honest work too.
  [/^mark (reads|writes|deletes) secret:env-file/, { kind: 'effect', weight: 1.5, sensitive: true }],
  [/^mark (reads (secret|process):|writes (persistence|secret):)/, { kind: 'effect', weight: 8, sensitive: true }],
  [
    /^mark (writes agent-config|deletes (secret|persistence|agent-config)|calls (ptrace|process_vm_readv|mount|setns|bpf|init_module|finit_module))/,
    { kind: 'effect', weight: 6, sensitive: true },
  ],
  [/^mark connects link-local/, { kind: 'effect', weight: 6, sensitive: true }],
  [/^mark executes (persistence|agent-config|memfd|disguised)/, { kind: 'effect', weight: 5 }],
  [/^mark deletes home/, { kind: 'effect', weight: 3 }],
  // Becoming root is what sudo is for: who does it hidden, or without sudo, is told otherwise.
  [/^mark calls set(re|res|fs)?[ug]id/, { kind: 'plain', weight: 0.5 }],
  // What a project's tools run is looked at in review; runtimes keep code in memory, which only running it from there makes odd.
  [/^mark (writes (ci-config|autorun)|calls memfd_create)/, { kind: 'effect', weight: 1 }],
  [/^mark (executes|calls|writes other)/, { kind: 'effect', weight: 2 }],
  // Tools keep their settings at home, in dot files: what else is written there is `stray`.
  [/^mark writes home/, { kind: 'plain', weight: 0.5 }],
  [/^mark (writes git-config|listens open)/, { kind: 'effect', weight: 1 }],
  [/^stray /, { kind: 'effect', weight: 4 }],
  [/^sweep (home|other|git|system)/, { kind: 'effect', weight: 5 }],
  [/^sweep workspace/, { kind: 'effect', weight: 2 }],
  [/^conduct runs what it (downloads|decodes)/, { kind: 'conduct', weight: 6, sensitive: true }],
  [/^conduct offers a shell/, { kind: 'conduct', weight: 8, sensitive: true }],
  [/^conduct executes a download/, { kind: 'conduct', weight: 5, sensitive: true }],
  [/^conduct makes a download executable/, { kind: 'conduct', weight: 3 }],
  [/^conduct sends (public|link-local)/, { kind: 'conduct', weight: 4 }],
  [/^conduct pushes elsewhere /, { kind: 'conduct', weight: 3 }],
  // An agent's first push to the repository that it works on is what it was started for.
  [/^conduct (sends|pushes) /, { kind: 'conduct', weight: 1 }],
  [/^conduct lists the environment/, { kind: 'conduct', weight: 1.5 }],
  [/^hidden \S+ (apt|apt-get|dnf|yum|apk|zypper|pacman) in /, { kind: 'conduct', weight: 1 }],
  [
    /^hidden (curl|wget|nc|ncat|netcat|socat|telnet|ssh|scp|sftp|ftp|tftp|sudo|su|doas|pkexec|setcap|crontab|at|gdb) /,
    { kind: 'conduct', weight: 3 },
  ],
  [/^hidden /, { kind: 'conduct', weight: 1 }],
  [/^order secret > (reach|send)/, { kind: 'order', weight: 6, sensitive: true }],
  [/^order settings > send/, { kind: 'order', weight: 4, sensitive: true }],
  [/^order (settings > reach|(reach|send) > control)/, { kind: 'order', weight: 2 }],
  [/^destination public /, { kind: 'destination', weight: 1.5 }],
  [/^destination private /, { kind: 'destination', weight: 1 }],
  [/^(program|symbol|mark|reach|destination) /, { kind: 'plain', weight: 0.5 }],
];

const NOTHING: Weight = { kind: 'plain', weight: 0 };

const REACH = /^reach (public|private|link-local) in (.*)$/;

/** What an element weighs when it is new. The agent's own work weighs half, and what it always does is soon known. */
export const weigh = (name: string): Weight => {
  if (name.startsWith('own ')) {
    const { kind, weight } = weigh(name.slice(4));
    return { kind, weight: weight / 2 };
  }
  const reach = REACH.exec(name);
  if (reach) {
    const [, network, place = ''] = reach;
    if (FETCHES.test(place) && !SCRIPTED.test(place)) return { kind: 'place', weight: 0.5 };
    if (network !== 'public') return { kind: 'place', weight: 1 };
    return { kind: 'place', weight: OPEN.test(place) ? 3.5 : 2.5 };
  }
  return WEIGHTS.find(([pattern]) => pattern.test(name))?.[1] ?? NOTHING;
};
