import { expect, test } from "vitest";
import { shift, visible } from "./window.ts";

test("only the rows on the screen and a margin are drawn", () => {
  expect(visible(10_000, 50, 0, 500)).toEqual({ first: 0, end: 18 });
  expect(visible(10_000, 50, 250_000, 500)).toEqual({ first: 4_992, end: 5_018 });
  expect(visible(10_000, 50, 499_500, 500)).toEqual({ first: 9_982, end: 10_000 });
  expect(visible(3, 50, 0, 500)).toEqual({ first: 0, end: 3 });
  expect(visible(0, 50, 0, 500)).toEqual({ first: 0, end: 0 });
});

test("a list that is shorter than the scroll position draws its end", () => {
  expect(visible(3, 50, 10_000, 500)).toEqual({ first: 3, end: 3 });
});

test("a row that arrives above moves the held row by its height", () => {
  expect(shift(["a", "b", "c"], ["x", "y", "a", "b", "c"], 1, 50)).toBe(100);
});

test("a row that leaves above moves it back", () => {
  expect(shift(["a", "b", "c"], ["b", "c"], 1, 50)).toBe(-50);
});

test("a changed row moves to the top, and the rows around it stay", () => {
  expect(shift(["a", "b", "c", "d"], ["c", "a", "b", "d"], 1, 50)).toBe(50);
  expect(shift(["a", "b", "c", "d"], ["b", "a", "c", "d"], 2, 50)).toBe(0);
});

test("if the held row moves, the next one stays", () => {
  expect(shift(["a", "b", "c"], ["b", "a", "c"], 1, 50)).toBe(0);
  expect(shift(["a", "b", "c"], ["a", "c"], 1, 50)).toBe(-50);
});

test("nothing moves if no row remains to hold", () => {
  expect(shift(["a", "b"], ["x", "y"], 0, 50)).toBe(0);
  expect(shift([], ["x"], 0, 50)).toBe(0);
});
