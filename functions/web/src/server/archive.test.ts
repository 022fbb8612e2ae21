import { expect, test } from "vitest";
import { nextCursor, notesIn } from "./archive.ts";

test("the next page is where the header says, and there is none without it", () => {
  expect(nextCursor('</api/export?cursor=a-b_c>; rel="next"')).toBe("a-b_c");
  expect(nextCursor("</api/export?cursor=a%2Bb>;rel=next")).toBe("a+b");
  expect(nextCursor('</api/export>; rel="first"')).toBeUndefined();
  expect(nextCursor(null)).toBeUndefined();
});

test("notes are counted, and comments are not, whatever they say", () => {
  const note = '{"note":{"key":"a","body":"{\\"note\\":1}\\n{\\"note\\":2}"}}\n';
  expect(notesIn("")).toBe(0);
  expect(notesIn(`${note}{"comment":{"key":"a"}}\n${note}`)).toBe(2);
});
