// In what two texts differ: line by line, and within lines that stand for each other word by word.

import { hunks } from "./hunks.ts";
import { lines } from "./lines.ts";
import { type Part, wordDifferences } from "./word-differences.ts";

export type { Part };

export type Row =
  | { kind: "same"; text: string }
  /** Two lines that stand for each other, or a line that only one of the two has. */
  | { kind: "changed"; theirs: Part[] | undefined; mine: Part[] | undefined }
  /** Lines that both have, too far from any change to tell where it is. */
  | { kind: "skipped"; lines: number }
  /** The end: so many more rows are changed, and nobody looks at them one by one. */
  | { kind: "more"; lines: number };

/** How many lines before and after a change tell where it is. */
const CONTEXT = 3;
const MOST_ROWS = 1_000;
/** Each costs some milliseconds if its lines are long. */
const MOST_ROWS_BY_WORD = 200;

/** Lines of both beside each other. */
interface Pair {
  theirs: string | undefined;
  mine: string | undefined;
}

export function differences(theirs: string, mine: string): Row[] {
  const pairs = beside(lines(theirs), lines(mine));
  const near = nearChanges(pairs);
  const changes = pairs.filter(isChanged).length;
  const rows: Row[] = [];
  let shown = 0;
  for (const [index, pair] of pairs.entries()) {
    if (isChanged(pair)) {
      if (shown === MOST_ROWS) {
        rows.push({ kind: "more", lines: changes - shown });
        break;
      }
      shown += 1;
      rows.push(changed(pair, shown <= MOST_ROWS_BY_WORD));
    } else if (near.has(index)) {
      rows.push({ kind: "same", text: pair.mine ?? "" });
    } else {
      const last = rows.at(-1);
      if (last?.kind === "skipped") last.lines += 1;
      else rows.push({ kind: "skipped", lines: 1 });
    }
  }
  return rows;
}

function isChanged({ theirs, mine }: Pair): boolean {
  return theirs !== mine;
}

function nearChanges(pairs: Pair[]): Set<number> {
  const near = new Set<number>();
  for (const [index, pair] of pairs.entries()) {
    if (!isChanged(pair)) continue;
    for (let each = index - CONTEXT; each <= index + CONTEXT; each += 1) near.add(each);
  }
  return near;
}

function changed({ theirs, mine }: Pair, byWord: boolean): Row {
  if (byWord && theirs !== undefined && mine !== undefined)
    return { kind: "changed", ...wordDifferences(theirs, mine) };
  const whole = (line: string | undefined) => (line === undefined ? undefined : [{ text: line, changed: true }]);
  return { kind: "changed", theirs: whole(theirs), mine: whole(mine) };
}

function beside(theirs: string[], mine: string[]): Pair[] {
  const alike = (start: number, end?: number) => theirs.slice(start, end).map((line) => ({ theirs: line, mine: line }));
  const all: Pair[][] = [];
  let line = 0;
  for (const hunk of hunks(theirs, mine)) {
    all.push(alike(line, hunk.start), pairs(theirs.slice(hunk.start, hunk.end), hunk.lines));
    line = hunk.end;
  }
  return [...all.flat(), ...alike(line)];
}

function pairs(theirs: string[], mine: string[]): Pair[] {
  return Array.from({ length: Math.max(theirs.length, mine.length) }, (_, index) => ({
    theirs: theirs[index],
    mine: mine[index],
  }));
}
