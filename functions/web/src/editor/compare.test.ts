import fc from "fast-check";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { type Change, changesTo, compare } from "./compare.ts";

/** Draws a comparison: a sign before each line, and brackets around what differs within a line. */
function drawn(before: string, after: string): string[] {
  const signs = { same: " ", removed: "-", added: "+" };
  return compare(before, after).map((row) => {
    if (row.kind === "gap") return `${row.lines} lines`;
    const parts = row.parts.map(({ text, changed }) => (changed && row.parts.length > 1 ? `[${text}]` : text));
    return signs[row.kind] + parts.join("");
  });
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `Line ${index + 1}.`);

function applied(text: string, changes: readonly Change[]): string {
  return changes.reduceRight((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), text);
}

test("equal texts have no differences", () => {
  for (const text of ["", "one", numbered(100).join("\n")]) {
    expect(compare(text, text).every(({ kind }) => kind === "same" || kind === "gap")).toBe(true);
    expect(changesTo(text, text)).toEqual([]);
  }
});

test("whole lines are added and removed", () => {
  expect(drawn("one\ntwo\nthree", "one\nthree")).toEqual([" one", "-two", " three"]);
  expect(drawn("one\nthree", "one\ntwo\nthree")).toEqual([" one", "+two", " three"]);
  expect(drawn("one", "one\ntwo\n")).toEqual([" one", "+two", "+"]);
  expect(drawn("one\n\ntwo", "one\ntwo")).toEqual([" one", "-", " two"]);
});

test("a text that was deleted comes back as a whole", () => {
  expect(drawn("", "one\ntwo")).toEqual(["+one", "+two"]);
  expect(drawn("one\ntwo", "")).toEqual(["-one", "-two"]);
});

test("the words that differ within a line are marked", () => {
  expect(drawn("Bring the milk today.", "Bring the bread today.")).toEqual([
    "-Bring the [milk] today.",
    "+Bring the [bread] today.",
  ]);
});

test("lines far from a difference are left out", () => {
  const lines = numbered(20);
  const changed = lines.with(9, "Changed.");
  const rows = drawn(lines.join("\n"), changed.join("\n"));
  expect(rows.at(0)).toBe("7 lines");
  expect(rows.slice(1, 3)).toEqual([" Line 8.", " Line 9."]);
  expect(rows.slice(-3)).toEqual([" Line 11.", " Line 12.", "8 lines"]);
});

test("a single line is shown rather than left out", () => {
  const lines = numbered(4);
  expect(drawn(lines.join("\n"), [...lines, "New."].join("\n")).slice(0, 2)).toEqual(["2 lines", " Line 3."]);
  expect(drawn(lines.slice(1).join("\n"), [...lines.slice(1), "New."].join("\n")).at(0)).toBe(" Line 2.");
});

/** Texts of few different characters have much in common. Some characters are two code units. */
const text = fc.array(fc.constantFrom("a", "b", " ", "\n", "\r", "é", "😀", "😁", "𐍈"), { maxLength: 60 });

test("the changes make the other text, and split no character", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [before, after] = [one.join(""), other.join("")];
      const changes = changesTo(before, after);
      expect(applied(before, changes)).toBe(after);
      for (const { from, to, insert } of changes) {
        expect(insert.isWellFormed()).toBe(true);
        expect(before.slice(from, to).isWellFormed()).toBe(true);
      }
    }),
  );
});

const linesOf = (text: string) => (text === "" ? 0 : text.split("\n").length);

test("the lines of a comparison are the lines of both texts", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [before, after] = [one.join(""), other.join("")];
      const rows = compare(before, after);
      for (const [whole, own] of [
        [before, "removed"],
        [after, "added"],
      ] as const) {
        const shown = rows.filter((row) => row.kind === "gap" || row.kind === "same" || row.kind === own);
        const count = shown.reduce((sum, row) => sum + (row.kind === "gap" ? row.lines : 1), 0);
        expect(count).toBe(linesOf(whole));
        if (shown.some(({ kind }) => kind === "gap")) continue;
        expect(shown.map((row) => ("parts" in row ? row.parts.map((part) => part.text).join("") : "")).join("\n")).toBe(
          whole,
        );
      }
    }),
  );
});

test("what another person writes meanwhile is kept", () => {
  const [mine, theirs] = [new Y.Doc(), new Y.Doc()];
  mine.getText("text").insert(0, "Milk.\nEggs.");
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine));
  theirs.getText("text").insert("Milk.".length, " Two bottles.");
  const shared = mine.getText("text");
  mine.transact(() => {
    for (const { from, to, insert } of changesTo(shared.toString(), "Milk.\nBread.\nEggs.").reverse()) {
      shared.delete(from, to - from);
      shared.insert(from, insert);
    }
  });
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine));
  expect(shared.toString()).toBe("Milk. Two bottles.\nBread.\nEggs.");
  expect(theirs.getText("text").toString()).toBe(shared.toString());
});

test("many small changes of a long text stay small", () => {
  const before = numbered(10_000).join("\n");
  const after = before.replaceAll("77.", "seventy-seven.");
  expect(Math.max(...changesTo(before, after).map(({ from, to }) => to - from))).toBeLessThan(3);
});

test("long texts without a common part are compared, in spite of their length", () => {
  const [before, after] = ["x\n", "y\n"].map((line) => line.repeat(100_000)) as [string, string];
  expect(applied(before, changesTo(before, after))).toBe(after);
});
