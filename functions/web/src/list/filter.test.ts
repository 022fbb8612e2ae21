import { expect, test } from "vitest";
import { matching } from "./filter.ts";

const rows = ["Plan for Café Zürich", "Who waters the plants", "Release"].map((title) => ({
  key: title,
  title,
  updated: "",
}));
const found = (query: string) => matching(rows, query, ({ title }) => title).map(({ title }) => title);

test("an empty query finds all rows", () => {
  expect(matching(rows, "  ", ({ title }) => title)).toBe(rows);
});

test("every word must be in the title, in any order, and part of a word is enough", () => {
  expect(found("plan")).toEqual(["Plan for Café Zürich", "Who waters the plants"]);
  expect(found("plants who")).toEqual(["Who waters the plants"]);
  expect(found("plants release")).toEqual([]);
});

test("case and accents make no difference", () => {
  expect(found("cafe ZURICH")).toEqual(["Plan for Café Zürich"]);
  expect(found("CAFÉ")).toEqual(["Plan for Café Zürich"]);
});
