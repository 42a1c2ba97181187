/** `--quick` makes everything smaller: good enough to see that nothing has broken, not to quote. */
export const isQuick = process.argv.includes('--quick');

/** Picks the size for this run. */
export const sized = (full: number, quick: number): number => (isQuick ? quick : full);
