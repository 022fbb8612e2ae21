import { expect, test } from "vitest";
import { toJson, wellFormed } from "./well-formed.ts";

test("half a character becomes a replacement character at any position", () => {
  expect(toJson({ title: "cut \ud83d", more: ["\ude00", { body: "\ude00\ud83d" }] })).toBe(
    '{"title":"cut \ufffd","more":["\ufffd",{"body":"\ufffd\ufffd"}]}',
  );
  expect(wellFormed({ message: "a\ud83d" })).toEqual({ message: "a\ufffd" });
});

test("everything else stays as it is", () => {
  const value = { text: "\u0000\ufeff\u0085😀", number: 1, none: null, yes: true, list: [] };
  expect(toJson(value)).toBe(JSON.stringify(value));
  expect(wellFormed(value)).toEqual(value);
});
