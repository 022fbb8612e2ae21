import { expect, test } from "vitest";
import { boxOf } from "./tasks.ts";

/** Returns the text with the box ticked or cleared, as the page does it. */
function ticked(text: string, line: number, rendered = text): string | undefined {
  const box = boxOf(text, rendered, line);
  return box && text.slice(0, box.at) + (box.done ? " " : "x") + text.slice(box.at + 1);
}

test.each([
  ["- [ ] a", "- [x] a"],
  ["- [x] a", "- [ ] a"],
  ["- [X] a", "- [ ] a"],
  ["12. [ ] a [ ]", "12. [x] a [ ]"],
  ["> * [ ] a", "> * [x] a"],
  ["- - [ ] a", "- - [x] a"],
  ["  [ ] a", "  [x] a"],
])("the box of %j is ticked", (before, after) => expect(ticked(before, 0)).toBe(after));

test("a box is found by its line", () => {
  expect(ticked("# Heading\n\n- [ ] a\n- [ ] b", 3)).toBe("# Heading\n\n- [ ] a\n- [x] b");
});

test("a box is found after others have written above it", () => {
  const rendered = "- [ ] a\n- [ ] b";
  expect(ticked(`New.\n\n${rendered}`, 1, rendered)).toBe("New.\n\n- [ ] a\n- [x] b");
});

test("of lines with the same words, the nearest has the box", () => {
  const rendered = "- [ ] a\n- [ ] a\n- [ ] a";
  expect(ticked(rendered, 1)).toBe("- [ ] a\n- [x] a\n- [ ] a");
  expect(ticked(`New.\n${rendered}`, 2, rendered)).toBe("New.\n- [ ] a\n- [x] a\n- [ ] a");
});

test("a line that others have changed has no box to tick", () => {
  expect(ticked("- [ ] b", 0, "- [ ] a")).toBeUndefined();
  expect(ticked("text", 0)).toBeUndefined();
  expect(ticked("- [ ] a", 5)).toBeUndefined();
});
