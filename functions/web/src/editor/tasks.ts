// The boxes of tasks in a text.

/** Matches what may precede the box of a task in its line: marks of quotes and lists. */
const BOX = /^(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*\[[ xX]\](?=\s|$)/;

export interface Box {
  /** The position of the character between the brackets. */
  at: number;
  done: boolean;
}

/**
 * Returns the box that the rendered view shows of line `number` of `rendered`, in `text`, which may have changed since. It is
 * in the nearest line with the same words.
 */
export function boxOf(text: string, rendered: string, number: number): Box | undefined {
  const wanted = rendered.split("\n")[number];
  if (wanted === undefined || !BOX.test(wanted)) return undefined;
  const lines = text.split("\n");
  const found = lines
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line === wanted)
    .sort((one, other) => Math.abs(one.index - number) - Math.abs(other.index - number))[0];
  if (found === undefined) return undefined;
  const start = lines.slice(0, found.index).reduce((sum, line) => sum + line.length + 1, 0);
  const inLine = wanted.indexOf("[") + 1;
  return { at: start + inLine, done: wanted[inLine] !== " " };
}
