/** A release of Falco, as far as its number decides what works. */
export interface FalcoRelease {
  readonly minor: number;
  /** As it was given. */
  readonly text: string;
}

/** Reads `0.43.1`, `v0.44` or `0.43.1-rc1`; undefined for what is no release of Falco. */
export const parseRelease = (text: string): FalcoRelease | undefined => {
  const minor = /^v?0\.(\d{1,3})(?:\.|-|\+|$)/.exec(text.trim())?.[1];
  return minor === undefined ? undefined : { minor: Number(minor), text: text.trim().replace(/^v/, '') };
};

/** The gRPC output, the legacy eBPF probe and the gVisor engine were taken out of Falco in 0.44. */
export const REMOVED_IN = 44;

export const lacksGrpc = (release: FalcoRelease | undefined): boolean =>
  release !== undefined && release.minor >= REMOVED_IN;
