import { expect, test } from "vitest";
import { type Anchor, growing, lineAtTop, topOfLine } from "./scroll.ts";

const anchors: Anchor[] = [
  [0, 0],
  [2, 100],
  [10, 120],
];

test("a line between two anchors is as far between their heights", () => {
  expect([0, 1, 2, 6, 10].map((line) => topOfLine(anchors, line))).toEqual([0, 50, 100, 110, 120]);
  expect(topOfLine(anchors, 0.5)).toBe(25);
});

test("a height leads back to its line", () => {
  for (const line of [0, 0.5, 1.25, 2, 9, 10]) expect(lineAtTop(anchors, topOfLine(anchors, line))).toBeCloseTo(line);
});

test("what is before the first anchor or after the last is at that anchor", () => {
  expect(topOfLine(anchors, 99)).toBe(120);
  expect(lineAtTop(anchors, 999)).toBe(10);
  expect(topOfLine([[3, 40]], 0)).toBe(40);
  expect(topOfLine([], 5)).toBe(0);
});

test("anchors grow in both directions", () => {
  expect(
    growing([
      [0, 0],
      [0, 10],
      [1, 10],
      [1, 30],
      [3, 5],
      [4, 50],
    ]),
  ).toEqual([
    [0, 0],
    [1, 10],
    [4, 50],
  ]);
});
