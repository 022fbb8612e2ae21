import { expect, test } from "vitest";
import type { TitleList, TitleRow } from "../note.ts";
import { beyond, latest, merge } from "./titles.ts";

const row = (key: string, second: number, title = key): TitleRow => ({
  key,
  title,
  updated: `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`,
});
const list = (revision: number, notelist: TitleRow[] = [], more = false): TitleList => ({ revision, notelist, more });

test("the first list is shown, with any revision", () => {
  expect(latest(undefined, list(0))).toEqual(list(0));
});

test("a list of a higher revision replaces the one shown", () => {
  expect(latest(list(4), list(5)).revision).toBe(5);
});

test("a list of a lower revision is ignored", () => {
  const shown = list(5, [row("a", 1)]);
  expect(latest(shown, list(4))).toBe(shown);
});

test("the later of two lists with one revision is shown", () => {
  const arrived = list(5, [row("a", 1)]);
  expect(latest(list(5), arrived)).toBe(arrived);
});

test("rows older than the end of the list follow it", () => {
  const shown = list(1, [row("c", 3), row("b", 2)], true);
  expect(beyond(shown, [row("c", 3), row("b", 2), row("a", 1)])).toEqual([row("a", 1)]);
});

test("rows with the time of the end follow the list", () => {
  expect(beyond(list(1, [row("b", 2)], true), [row("a", 2)])).toEqual([row("a", 2)]);
});

test("a deleted note does not return to the list", () => {
  const shown = list(2, [row("c", 3), row("a", 1)], true);
  expect(beyond(shown, [row("b", 2)])).toEqual([]);
});

test("an edited note is in the list and not after it", () => {
  const shown = list(2, [row("a", 9), row("c", 3)], true);
  expect(beyond(shown, [row("a", 1), row("b", 2)])).toEqual([row("b", 2)]);
});

test("no rows follow a complete list", () => {
  expect(beyond(list(2, [row("c", 3)]), [row("a", 1)])).toEqual([]);
  expect(beyond(undefined, [row("a", 1)])).toEqual([]);
});

test("pages merge to the later state of each note, newest first", () => {
  const merged = merge([row("a", 1, "old"), row("b", 2)], [row("a", 4, "new"), row("c", 3)]);
  expect(merged.map((each) => [each.key, each.title])).toEqual([
    ["a", "new"],
    ["c", "c"],
    ["b", "b"],
  ]);
});
