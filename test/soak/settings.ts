export interface SettingsOf {
  readonly source: string;
  readonly store: string;
  readonly alertmanagers: readonly string[];
  readonly webhook: string;
  readonly file: string;
  readonly spool: string;
  readonly port: number;
  /** After how long a session ends whose exit was lost. In milliseconds. */
  readonly silenceMs: number;
}

export const RESEND_MS = 5_000;

/** What creance is told: its defaults, but in a hurry, so that minutes show what takes hours. */
export const settingsOf = (of: SettingsOf): readonly string[] => {
  const settings: Readonly<Record<string, string | number>> = {
    'source.url': of.source,
    'source.grpc.reconnectMaxMs': 1_000,
    store: of.store,
    'process.silenceMs': of.silenceMs,
    'process.orphanMs': of.silenceMs,
    // Few sessions for each scope, so that what is learned soon stops growing.
    'detect.baseline.maxSessions': 8,
    'alert.alertmanagers': of.alertmanagers.join(','),
    'alert.webhook.url': of.webhook,
    'alert.file': of.file,
    'alert.spool': of.spool,
    'alert.resendMs': RESEND_MS,
    'alert.resolveRepeatMs': 3 * RESEND_MS,
    'alert.minFiringMs': 4_000,
    'alert.orphanMs': of.silenceMs,
    'alert.spreadAfter': 6,
    'alert.timeoutMs': 3_000,
    'server.listen': `127.0.0.1:${of.port}`,
    'log.format': 'json',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
};
