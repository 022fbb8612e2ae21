import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { ySyncAnnotation } from "y-codemirror.next";
import { limit, MAX_BYTES } from "./limit.ts";

let refusals = 0;
const full = (text: string) => EditorState.create({ doc: text, extensions: limit(() => (refusals += 1)) });
const insert = (state: EditorState, text: string) => state.update({ changes: { from: 0, insert: text } }).state;

test("a text grows up to its limit in bytes, and no further", () => {
  refusals = 0;
  const almost = insert(full("x".repeat(MAX_BYTES - 3)), "é");
  expect(almost.doc.length).toBe(MAX_BYTES - 2);
  expect(refusals).toBe(0);
  expect(insert(almost, "é").doc.length).toBe(MAX_BYTES - 2);
  expect(refusals).toBe(1);
  expect(insert(almost, "x").doc.length).toBe(MAX_BYTES - 1);
});

test("a text beyond the limit can be shortened, and edits of others always arrive", () => {
  const long = full("x".repeat(MAX_BYTES + 100));
  expect(long.update({ changes: { from: 0, to: 1 } }).state.doc.length).toBe(MAX_BYTES + 99);
  const annotations = ySyncAnnotation.of({} as never);
  expect(long.update({ changes: { from: 0, insert: "theirs" }, annotations }).state.doc.length).toBe(MAX_BYTES + 106);
});
