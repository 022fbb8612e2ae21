// The differences between two texts: as lines to show, and as changes that turn one into the other.

import { Chunk, diff } from "@codemirror/merge";
import { Text } from "@codemirror/state";

/** A part of a line, and whether it differs from the other text. */
export interface Part {
  text: string;
  changed: boolean;
}

/** A line that both texts have, or that only one of them has. */
export interface Line {
  kind: "same" | "removed" | "added";
  parts: Part[];
}

/** Lines that are not shown, because nothing near them differs. */
export interface Gap {
  kind: "gap";
  lines: number;
}

/** A change of a text, as CodeMirror makes it. */
export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** Number of lines to show before and after a difference. */
const CONTEXT = 2;

/** Long, very different texts are compared less precisely after this time in milliseconds, so that the page does not stop. */
const LIMITS = { timeout: 500 };

/** Returns the changes that turn a text into another. The parts that both have stay, with the carets in them. */
export function changesTo(before: string, after: string): Change[] {
  return diff(before, after, LIMITS).map(({ fromA, toA, fromB, toB }) => ({
    from: fromA,
    to: toA,
    insert: after.slice(fromB, toB),
  }));
}

/** Returns the lines that differ, with the lines around them. */
export function compare(before: string, after: string): (Line | Gap)[] {
  const [a, b] = [textOf(before), textOf(after)];
  const lines: Line[] = [];
  let at = 0;
  for (const { changes, fromA, toA, endA, fromB, toB, endB } of Chunk.build(a, b, LIMITS)) {
    if (fromA > at) lines.push(...same(a, at, fromA - 1));
    if (toA > fromA) {
      const changed = changes.map((change) => [fromA + change.fromA, fromA + change.toA] as const);
      lines.push(...different("removed", a, fromA, endA, changed));
    }
    if (toB > fromB) {
      const changed = changes.map((change) => [fromB + change.fromB, fromB + change.toB] as const);
      lines.push(...different("added", b, fromB, endB, changed));
    }
    at = toA;
  }
  if (at < a.length) lines.push(...same(a, at, a.length - 1));
  return shortened(lines);
}

/** Returns a text in which every line ends, so that a line after the last one does not change that one. */
function textOf(text: string): Text {
  return Text.of(text === "" ? [""] : `${text}\n`.split("\n"));
}

function same(text: Text, from: number, to: number): Line[] {
  const lines = text.sliceString(from, to).split("\n");
  return lines.map((line) => ({ kind: "same", parts: [{ text: line, changed: false }] }));
}

type Range = readonly [from: number, to: number];

function different(kind: "removed" | "added", text: Text, from: number, to: number, changed: readonly Range[]): Line[] {
  let start = from;
  return text
    .sliceString(from, to)
    .split("\n")
    .map((line) => {
      const parts = partsOf(line, start, changed);
      start += line.length + 1;
      return { kind, parts };
    });
}

/** Splits a line that starts at a position at the bounds of the changed ranges. */
function partsOf(line: string, start: number, changed: readonly Range[]): Part[] {
  const parts: Part[] = [];
  const add = (from: number, to: number, changed: boolean) => {
    if (to > from) parts.push({ text: line.slice(from, to), changed });
  };
  let at = 0;
  for (const [from, to] of changed) {
    const [first, last] = [within(from - start, line), within(to - start, line)];
    add(at, first, false);
    add(first, last, true);
    at = Math.max(at, last);
  }
  add(at, line.length, false);
  return parts;
}

function within(at: number, line: string): number {
  return Math.min(line.length, Math.max(0, at));
}

/** Replaces long runs of equal lines with gaps. */
function shortened(lines: readonly Line[]): (Line | Gap)[] {
  const short: (Line | Gap)[] = [];
  for (let first = 0; first < lines.length; ) {
    let end = first;
    while (end < lines.length && lines[end]!.kind === "same") end += 1;
    const before = first === 0 ? first : Math.min(end, first + CONTEXT);
    const after = end === lines.length ? end : Math.max(before, end - CONTEXT);
    // A gap takes a line itself.
    if (after - before > 1) {
      short.push(...lines.slice(first, before), { kind: "gap", lines: after - before }, ...lines.slice(after, end));
    } else short.push(...lines.slice(first, end));
    if (end < lines.length) short.push(lines[end]!);
    first = end + 1;
  }
  return short;
}
