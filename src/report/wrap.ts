/** Narrower than this, a text is left to the terminal. */
const MIN_WIDTH = 20;

/**
 * The text in lines of at most `width` characters, broken at spaces, or inside a word that is longer than a line. One
 * line where no width is given.
 */
export const wrap = (text: string, width: number | undefined): readonly string[] => {
  if (width === undefined || width < MIN_WIDTH) return [text];
  const lines: string[] = [];
  let rest = [...text];
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width / 2 ? space : width;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end);
  }
  return [...lines, rest.join('')];
};
