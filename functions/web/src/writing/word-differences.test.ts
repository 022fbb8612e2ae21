import { expect, test } from "vitest";
import { wordDifferences } from "./word-differences.ts";

const marked = (theirs: string, mine: string) => {
  const write = (parts: { text: string; changed: boolean }[]) =>
    parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join("");
  const both = wordDifferences(theirs, mine);
  return [write(both.theirs), write(both.mine)];
};

test("words that differ are marked", () => {
  expect(marked("Bring the cake on Monday.", "Bring a cake on Monday.")).toEqual([
    "Bring [the] cake on Monday.",
    "Bring [a] cake on Monday.",
  ]);
  expect(marked("one two", "one two three")).toEqual(["one two", "one two[ three]"]);
});

test("spaces and marks that differ are marked", () => {
  expect(marked("one two", "one  two")).toEqual(["one[ ]two", "one[  ]two"]);
  expect(marked("one, two", "one; two")).toEqual(["one[,] two", "one[;] two"]);
});

test("a word is one in every script, and a letter is never cut", () => {
  expect(marked("Привет, мир и люди", "Привет, дом и люди")).toEqual(["Привет, [мир] и люди", "Привет, [дом] и люди"]);
  expect(marked("family: 👩‍👩‍👧 here", "family: 👩‍👩‍👦 here")).toEqual([
    "family: [👩‍👩‍👧] here",
    "family: [👩‍👩‍👦] here",
  ]);
});

test("lines with next to nothing in common are changed as a whole", () => {
  expect(marked("Milk and honey, bread", "Every good boy and girl")).toEqual([
    "[Milk and honey, bread]",
    "[Every good boy and girl]",
  ]);
});

test("very long lines are changed as a whole", () => {
  expect(marked("a ".repeat(501), "a ".repeat(502))[0]?.startsWith("[a a")).toBe(true);
});
