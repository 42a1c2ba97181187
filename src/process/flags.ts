/**
 * Of the flags that switch an agent's safety off, those that a command line has. `--flag value` stands for
 * `--flag=value` too. Falco joins arguments with spaces, so a flag that is only talked about in a prompt counts as well.
 */
export const unsafeFlagsIn = (flags: readonly string[], cmdline: string | undefined): readonly string[] => {
  if (cmdline === undefined) return [];
  const line = ` ${cmdline.replaceAll('=', ' ').replace(/\s+/g, ' ')} `;
  return flags.filter((flag) => line.includes(` ${flag.replace('=', ' ')} `));
};
