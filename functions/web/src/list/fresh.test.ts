import { expect, test } from "vitest";
import { newIn } from "./fresh.ts";

const list = (more: boolean, ...rows: [key: string, updated: string][]) => ({
  revision: 1,
  more,
  notelist: rows.map(([key, updated]) => ({ key, updated, title: key })),
});

test("new and changed rows are fresh, and unchanged rows are not", () => {
  const before = list(false, ["b", "2"], ["a", "1"]);
  expect(newIn(before, list(false, ["a", "4"], ["c", "3"], ["b", "2"]))).toEqual(["a", "c"]);
});

test("a row that moves into the list because others left is not fresh", () => {
  const before = list(true, ["c", "3"], ["b", "2"]);
  expect(newIn(before, list(true, ["c", "3"], ["a", "1"]))).toEqual([]);
});
