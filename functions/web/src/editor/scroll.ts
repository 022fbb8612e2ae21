// Where the text and its rendered view correspond. Both are compared by anchors: pairs of a line of the text, from 0, and the
// height at which the rendered view has what that line begins.

/** A line, and its height in pixels from the top of the rendered view. */
export type Anchor = readonly [line: number, top: number];

/** Returns the height of a line, which may have a fraction, between the anchors around it. */
export function topOfLine(anchors: readonly Anchor[], line: number): number {
  return between(anchors, line, 0);
}

/** Returns the line, with a fraction, at a height. */
export function lineAtTop(anchors: readonly Anchor[], top: number): number {
  return between(anchors, top, 1);
}

function between(anchors: readonly Anchor[], value: number, from: 0 | 1): number {
  const to = from === 0 ? 1 : 0;
  const next = anchors.findIndex((anchor) => anchor[from] > value);
  if (next === 0) return anchors[0]![to];
  if (next < 0) return anchors.at(-1)?.[to] ?? 0;
  const [before, after] = [anchors[next - 1]!, anchors[next]!];
  const share = (value - before[from]) / (after[from] - before[from]);
  return before[to] + share * (after[to] - before[to]);
}

/** Returns anchors whose lines and heights both grow. A line of two elements counts once. */
export function growing(anchors: readonly Anchor[]): Anchor[] {
  const kept: Anchor[] = [];
  for (const anchor of anchors) {
    const last = kept.at(-1);
    if (last === undefined || (anchor[0] > last[0] && anchor[1] > last[1])) kept.push(anchor);
  }
  return kept;
}
