import * as fc from "fast-check";
import { expect, test } from "vitest";
import { leastProcessorTime, processorTime } from "../test-time.ts";
import { differences, type Row } from "./differences.ts";
import { lines } from "./lines.ts";

const whole = (text: string) => [{ text, changed: true }];
const same = (text: string): Row => ({ kind: "same", text });

test("a changed line stands beside the one it was, with the lines around it", () => {
  expect(differences("one\nthe second line\nthree", "one\nthe other line\nthree")).toEqual([
    same("one"),
    {
      kind: "changed",
      theirs: [
        { text: "the ", changed: false },
        { text: "second", changed: true },
        { text: " line", changed: false },
      ],
      mine: [
        { text: "the ", changed: false },
        { text: "other", changed: true },
        { text: " line", changed: false },
      ],
    },
    same("three"),
  ]);
});

test("a line that only one of them has stands alone", () => {
  expect(differences("one\ntwo", "one\nnew\ntwo")).toEqual([
    same("one"),
    { kind: "changed", theirs: undefined, mine: whole("new") },
    same("two"),
  ]);
  expect(differences("one\nold\ntwo", "one\ntwo")).toEqual([
    same("one"),
    { kind: "changed", theirs: whole("old"), mine: undefined },
    same("two"),
  ]);
});

test("lines far from any change are skipped", () => {
  const middle = Array.from({ length: 20 }, (_, line) => `${line}`);
  const rows = differences(["a", ...middle, "b"].join("\n"), ["c", ...middle, "d"].join("\n"));
  expect(rows.map((row) => (row.kind === "skipped" ? row.lines : row.kind))).toEqual([
    ...["changed", "same", "same", "same", 14, "same", "same", "same", "changed"],
  ]);
});

test("texts that say the same have no changed row", () => {
  expect(differences("a\r\nb", "a\nb")).toEqual([{ kind: "skipped", lines: 2 }]);
  expect(differences("", "")).toEqual([{ kind: "skipped", lines: 1 }]);
});

test("a line end at the end is a difference", () => {
  expect(differences("a", "a\n")).toEqual([same("a"), { kind: "changed", theirs: undefined, mine: whole("") }]);
});

test("an empty text differs in every line", () => {
  expect(differences("", "a\nb")).toEqual([
    { kind: "changed", theirs: whole(""), mine: whole("a") },
    { kind: "changed", theirs: undefined, mine: whole("b") },
  ]);
});

test("of more than 1,000 changed rows the rest is counted", () => {
  const rows = differences("", Array.from({ length: 1_500 }, (_, line) => `${line}`).join("\n"));
  expect(rows).toHaveLength(1_001);
  expect(rows.at(-1)).toEqual({ kind: "more", lines: 500 });
});

test("both texts can be read from the rows", () => {
  // Few lines, so that they are often alike, and few enough that none is skipped.
  const text = fc.array(fc.constantFrom("", "a b", "a c", "d", "e"), { maxLength: 4 }).map((parts) => parts.join("\n"));
  const read = (rows: Row[], side: "theirs" | "mine") =>
    rows.flatMap((row) => {
      if (row.kind === "same") return [row.text];
      const parts = row.kind === "changed" ? row[side] : undefined;
      return parts === undefined ? [] : [parts.map((part) => part.text).join("")];
    });
  fc.assert(
    fc.property(text, text, (theirs, mine) => {
      const rows = differences(theirs, mine);
      if (rows.some((row) => row.kind === "skipped")) return;
      expect(read(rows, "theirs")).toEqual(lines(theirs));
      expect(read(rows, "mine")).toEqual(lines(mine));
    }),
    { numRuns: 1_000 },
  );
});

/** An ordinary long text, and the same with a tenth of its lines changed. */
const long = (change = "") =>
  Array.from({ length: 50_000 }, (_, line) => `${line}${line % 10 === 0 ? change : ""}`).join("\n");
const ordinary = leastProcessorTime(() => differences(long(), long("mine")));

/** How many times as long the others may take. If their time grew with the square of their length, it would be thousands. */
const MOST = 100;

test.each([
  ["that are all alike", "a\n".repeat(175_000), "b\n".repeat(175_000)],
  [
    "that differ",
    Array.from({ length: 50_000 }, (_, line) => line).join("\n"),
    Array.from({ length: 50_000 }, (_, line) => -line).join("\n"),
  ],
  ["of many words", `${"a b c d e f ".repeat(80)}\n`.repeat(350), `${"f e d c b a ".repeat(80)}\n`.repeat(350)],
  ["of which there is one", "a b ".repeat(87_500), "b a ".repeat(87_500)],
])("texts of 350,000 characters in lines %s are compared in bounded time", (_, theirs, mine) => {
  const time = processorTime(() => expect(differences(theirs, mine).length).toBeLessThan(10_000));
  expect(time).toBeLessThan(MOST * ordinary);
});
