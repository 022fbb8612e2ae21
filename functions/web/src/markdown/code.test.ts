import fc from "fast-check";
import { expect, test } from "vitest";
import { piecesOf } from "./code.ts";

const marked = (code: string, language: string) =>
  piecesOf(code, language).flatMap(({ text, kind }) => (kind === undefined ? [] : [`${kind} ${text}`]));

test.each([
  ["js", 'const a = "x // y"; // why', ["keyword const", 'string "x // y"', "comment // why"]],
  ["rust", "let n: u8 = 0x1f; /* a\nb */", ["keyword let", "number 0x1f", "comment /* a\nb */"]],
  [
    "sh",
    "if true; then # why\n  echo 'a'\nfi",
    ["keyword if", "keyword true", "keyword then", "comment # why", "string 'a'", "keyword fi"],
  ],
  ["sql", "SELECT 1 -- one", ["keyword SELECT", "number 1", "comment -- one"]],
  ["html", "<!-- a --><b>", ["comment <!-- a -->"]],
  ["TS", "classify(none)", ["keyword none"]],
])("code in %s has colours", (language, code, expected) => expect(marked(code, language)).toEqual(expected));

test("code in an unknown language, and long code, has no colours", () => {
  for (const language of ["", "text", "klingon", "constructor"]) expect(marked("const a = 1;", language)).toEqual([]);
  expect(marked("if ".repeat(10_000), "js")).toEqual([]);
});

test("the pieces are the code, whatever it is", () => {
  const code = fc.string({
    unit: fc.constantFrom('"', "'", "`", "\\", "/", "*", "#", "-", "<", "!", "\n", "a", "1", " ", "if"),
  });
  fc.assert(
    fc.property(code, fc.constantFrom("js", "sh", "sql", "html"), (code, language) => {
      expect(
        piecesOf(code, language)
          .map(({ text }) => text)
          .join(""),
      ).toBe(code);
    }),
  );
});
