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

test("a version that is shown already is no news, so that its text is not read again", () => {
  const { body: _, ...pushed } = note(4);
  expect(isNews(shown(4), pushed)).toBe(false);
  expect(isNews(shown(3), pushed)).toBe(true);
});

test("a note made anew under the same key replaces the old one, and the old one does not return", () => {
  expect(show(shown(7, 1), note(1, 2))).toEqual(shown(1, 2));
  expect(show(shown(1, 2), note(7, 1))).toEqual(shown(1, 2));
});

test("a note that ends under the reader was deleted, one that was never shown is none", () => {
  expect(end(shown(3))).toEqual({ state: "deleted", note: note(3) });
  expect(end(end(shown(3)))).toEqual({ state: "deleted", note: note(3) });
  expect(end(opening)).toEqual({ state: "none" });
});

test("a deleted note comes back only if it was made anew", () => {
  const deleted = end(shown(3));
  expect(show(deleted, note(4))).toBe(deleted);
  expect(show(deleted, note(1, 2))).toEqual(shown(1, 2));
});

test("what cannot be read is said, and a note that comes later is shown all the same", () => {
  const failed = fail(opening, "Not now.");
  expect(failed).toEqual({ state: "failed", message: "Not now." });
  expect(show(failed, note(1))).toEqual(shown(1));
});

test("a text that cannot be read leaves the older one and says so, until a newer one comes", () => {
  const behind = fail(shown(3), "Not now.", note(4));
  expect(behind).toEqual({ ...shown(3), doubt: { kind: "outdated", failure: "Not now." } });
  expect(show(behind, note(4))).toEqual(shown(4));
});

test("a failure to read what is shown already is none", () => {
  expect(fail(shown(4), "Not now.", note(4))).toEqual(shown(4));
  expect(fail(shown(4), "Not now.")).toEqual(shown(4));
});

test("what was kept is shown until the server is heard, and its word counts, whatever it is", () => {
  const kept = recall(opening, note(3));
  expect(kept).toEqual({ ...shown(3), doubt: { kind: "cached" } });
  expect(show(kept, note(3))).toEqual(shown(3));
  expect(show(kept, note(4))).toEqual(shown(4));
  expect(end(kept)).toEqual({ state: "deleted", note: note(3) });
});

test("what was kept never takes the place of what came from the server", () => {
  expect(recall(shown(2), note(3))).toEqual(shown(2));
  expect(recall(end(shown(3)), note(3))).toEqual(end(shown(3)));
});

test("where the server cannot be reached, what was kept is shown with the reason, whichever comes first", () => {
  const offline = { ...shown(3), doubt: { kind: "cached", failure: "Not now." } };
  expect(fail(recall(opening, note(3)), "Not now.")).toEqual(offline);
  expect(recall(fail(opening, "Not now."), note(3))).toEqual(offline);
});
