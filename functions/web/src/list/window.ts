// The part of a long list that is on the screen. All rows have the same height.

/** Number of additional rows above and below the screen, which a quick scroll shows before the next frame. */
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
 * Returns how far to scroll after a change of the list, so that the row at `held` stays in its place. If that row moved, the
 * next row that did not move stays.
 *
 * Rows move only to the top. Rows that stay keep their order.
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

/** Returns the rows that moved to the top: the first rows that were not there in this order. */
function moved(before: readonly string[], after: readonly string[]): string[] {
  const places = new Map(before.map((key, index) => [key, index]));
  // From the end upwards, the earlier places of rows that stayed decrease.
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
