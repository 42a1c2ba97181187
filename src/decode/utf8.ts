/** The text at `[start, end)`; what is not UTF-8 becomes U+FFFD. */
export const utf8 = (bytes: Buffer, start: number, end: number): string => bytes.toString('utf8', start, end);
