import { expect, test } from "vitest";
import type { Note } from "../note.ts";
import { end, fail, isNews, type Reading, recall, show } from "./reading.ts";

const note = (version: number, created = 1): Note => ({
  key: "k",
  title: `version ${version}`,
  body: "",
  version,
  author: "ada",
  editor: "grace",
  created: `2026-01-01T00:00:0${created}.000Z`,
  updated: "2026-01-01T00:00:09.000Z",
});
const opening: Reading = { state: "opening" };
const shown = (version: number, created?: number): Reading => ({ state: "shown", note: note(version, created) });

test("the first note that arrives is shown", () => {
  expect(show(opening, note(3))).toEqual(shown(3));
});

test("a later version replaces the one shown", () => {
  expect(show(shown(3), note(4))).toEqual(shown(4));
});

test("versions never go back", () => {
  const reading = shown(4);
  expect(show(reading, note(3))).toBe(reading);
});

test("a version that is shown already changes nothing, so its text is not read again", () => {
  const { body: _, ...pushed } = note(4);
  expect(isNews(shown(4), pushed)).toBe(false);
  expect(isNews(shown(3), pushed)).toBe(true);
});

test("a new note under the same key replaces the old one, and the old one does not return", () => {
  expect(show(shown(7, 1), note(1, 2))).toEqual(shown(1, 2));
  expect(show(shown(1, 2), note(7, 1))).toEqual(shown(1, 2));
});

test("a shown note that disappears was deleted, and one that was never shown does not exist", () => {
  expect(end(shown(3))).toEqual({ state: "deleted", note: note(3) });
  expect(end(end(shown(3)))).toEqual({ state: "deleted", note: note(3) });
  expect(end(opening)).toEqual({ state: "none" });
});

test("a deleted note returns only when it was restored, or as a new note", () => {
  const deleted = end(shown(3));
  for (const version of [2, 3]) expect(show(deleted, note(version))).toBe(deleted);
  expect(show(deleted, note(4))).toEqual(shown(4));
  expect(show(deleted, note(1, 2))).toEqual(shown(1, 2));
});

test("a failed read shows its error, and a note that arrives later is shown", () => {
  const failed = fail(opening, "Not now.");
  expect(failed).toEqual({ state: "failed", message: "Not now." });
  expect(show(failed, note(1))).toEqual(shown(1));
});

test("a failed read of a newer text keeps the older one with a warning, until a newer one arrives", () => {
  const behind = fail(shown(3), "Not now.", note(4));
  expect(behind).toEqual({ ...shown(3), doubt: { kind: "outdated", failure: "Not now." } });
  expect(show(behind, note(4))).toEqual(shown(4));
});

test("a failed read of the shown version changes nothing", () => {
  expect(fail(shown(4), "Not now.", note(4))).toEqual(shown(4));
  expect(fail(shown(4), "Not now.")).toEqual(shown(4));
});

test("the cached note is shown until the server responds, and every response replaces it", () => {
  const cached = recall(opening, note(3));
  expect(cached).toEqual({ ...shown(3), doubt: { kind: "cached" } });
  expect(show(cached, note(3))).toEqual(shown(3));
  expect(show(cached, note(4))).toEqual(shown(4));
  expect(show(cached, note(2))).toEqual(shown(3));
  // It is gone, and another note was imported under its key.
  expect(show(recall(opening, note(3, 2)), note(1, 1))).toEqual(shown(1, 1));
  expect(end(cached)).toEqual({ state: "deleted", note: note(3) });
});

test("the cached note never replaces one from the server", () => {
  expect(recall(shown(2), note(3))).toEqual(shown(2));
  expect(recall(end(shown(3)), note(3))).toEqual(end(shown(3)));
});

test("without a connection, the cached note is shown with the reason, in either order", () => {
  const offline = { ...shown(3), doubt: { kind: "cached", failure: "Not now." } };
  expect(fail(recall(opening, note(3)), "Not now.")).toEqual(offline);
  expect(recall(fail(opening, "Not now."), note(3))).toEqual(offline);
});
