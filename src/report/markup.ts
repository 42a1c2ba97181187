import { printable } from '../platform/printable.ts';

/** What means something in HTML or XML, and what means something in Markdown. */
const MARKUP = /[&<>"']/g;
const MARKDOWN = /[&<>"'\\`*_[\]#|~@:$^]|(?<=www)\./gi;
/** Code points that XML 1.0 has no place for; other controls were made visible before. */
const NO_XML = /[\uFFFE\uFFFF]/g;

const reference = (character: string): string => `&#${character.codePointAt(0)};`;

/** Event text for HTML and XML, elements and attributes alike: secrets out, one line, nothing that is markup. */
export const escaped = (text: string, maxBytes: number): string =>
  printable(text, maxBytes).replace(NO_XML, '').replace(MARKUP, reference);

/**
 * Event text for Markdown: every character that could begin a link, an image, a table cell or HTML becomes a reference,
 * which renders as the character and structures nothing.
 */
export const markdown = (text: string, maxBytes: number): string =>
  printable(text, maxBytes).replace(MARKDOWN, reference);
