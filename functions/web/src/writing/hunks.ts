// What one text changed of another, in places of its lines.

import { diffArrays } from "diff";
import { alikeAtEnd, alikeAtStart } from "./lines.ts";

/** Lines of the base, from `start` up to but not including `end`, are these lines now. */
export interface Hunk {
  start: number;
  end: number;
  lines: string[];
}

/**
 * How many lines may be gone or new. A shortest way from one text to the other takes time that grows with the square of its
 * length.
 */
const FARTHEST = 1_000;

/** In order, and with unchanged lines between them. A text that has changed too much has changed as a whole. */
export function hunks(base: string[], changed: string[]): Hunk[] {
  const start = alikeAtStart(base, changed);
  const end = alikeAtEnd(start, base, changed);
  const [from, to] = [base.slice(start, base.length - end), changed.slice(start, changed.length - end)];
  if (from.length === 0 && to.length === 0) return [];
  const changes = diffArrays(from, to, { maxEditLength: FARTHEST });
  if (changes === undefined) return [{ start, end: base.length - end, lines: to }];

  const all: Hunk[] = [];
  let line = start;
  let open: Hunk | undefined;
  for (const { value, added, removed } of changes) {
    if (!added && !removed) {
      line += value.length;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { start: line, end: line, lines: [] };
      all.push(open);
    }
    if (added) open.lines = [...open.lines, ...value];
    else open.end = line += value.length;
  }
  return all;
}
