// The part of a long list that is on the screen, where each row is as high as any other.

/** Rows beyond what is seen, above and below: what a quick scroll shows before the next frame. */
const MARGIN = 8;

/** The rows to draw: from `first` to before `end`. */
export interface Span {
  first: number;
  end: number;
}

export function visible(count: number, rowHeight: number, scrolled: number, height: number): Span {
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - MARGIN);
  const end = Math.min(count, Math.ceil((scrolled + height) / rowHeight) + MARGIN);
  return { first: Math.min(first, end), end };
}

/**
 * How far to scroll on after the list has changed, so that what a person looks at stays where it is: the row at `held`
 * and, where that one went elsewhere, the next that did not.
 *
 * Rows move only by being put first: of two that both stay, the order is kept.
 */
export function shift(before: readonly string[], after: readonly string[], held: number, rowHeight: number): number {
  const places = new Map(after.map((key, index) => [key, index]));
  const top = new Set(moved(before, after));
  for (let index = held; index < before.length; index += 1) {
    const key = before[index]!;
    const place = places.get(key);
    if (place !== undefined && !top.has(key)) return (place - index) * rowHeight;
  }
  return 0;
}

/** The rows that were put first: those at the top that did not stand there in this order. */
function moved(before: readonly string[], after: readonly string[]): string[] {
  const places = new Map(before.map((key, index) => [key, index]));
  // Read from the end, rows that stayed stand ever higher.
  let above = Infinity;
  let first = after.length;
  for (let index = after.length - 1; index >= 0; index -= 1) {
    const place = places.get(after[index]!);
    if (place === undefined || place > above) break;
    above = place;
    first = index;
  }
  return after.slice(0, first);
}
