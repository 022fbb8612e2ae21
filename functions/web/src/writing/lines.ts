// The lines of a text.

/** However they end: a text field makes line feeds of what another client wrote, which changes nothing that anybody sees. */
export function lines(text: string): string[] {
  return text.replace(/\r\n?/g, "\n").split("\n");
}

/** How many lines both begin with alike. */
export function alikeAtStart(one: string[], other: string[]): number {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

/** How many lines both end with alike, after those that they begin with. */
export function alikeAtEnd(start: number, one: string[], other: string[]): number {
  const most = Math.min(one.length, other.length) - start;
  let count = 0;
  while (count < most && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
}
