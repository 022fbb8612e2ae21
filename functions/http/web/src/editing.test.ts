import { expect, test } from "vitest";
import { begin, edit, settle, type Editing } from "./editing.ts";
import type { Note } from "./note.ts";

const note = (version: number, title: string, body = ""): Note => ({
  key: "k",
  title,
  body,
  version,
  author: "ada",
  editor: "grace",
  created: "2026-01-01T00:00:00.000Z",
  updated: "2026-01-01T00:00:00.000Z",
});
const write = (editing: Editing, title: string): Editing => ({ ...editing, draft: { title, body: "" } });

test("a new note is created, an opened one replaces the version that was read", () => {
  expect(begin("k").base).toBeUndefined();
  expect(edit(note(3, "plan")).base).toBe(3);
});

test("a saved edit is done", () => {
  const saved = note(4, "plan b");
  expect(settle(edit(note(3, "plan")), { kind: "saved", note: saved })).toEqual({ done: saved });
});

test("another's change is shown and nothing of ours is lost", () => {
  const ours = write(edit(note(3, "plan")), "ours");
  const theirs = note(4, "theirs");
  expect(settle(ours, { kind: "stale", current: theirs })).toEqual({
    open: { key: "k", draft: { title: "ours", body: "" }, base: 4, obstacle: { kind: "changed", theirs } },
  });
});

test("saving over another's change replaces the version that was shown, and no later one", () => {
  const first = settle(write(edit(note(3, "plan")), "ours"), { kind: "stale", current: note(4, "theirs") });
  if (!("open" in first)) throw new Error("the edit should be open");
  const second = settle(first.open, { kind: "stale", current: note(5, "theirs again") });
  expect(second).toMatchObject({ open: { base: 5, obstacle: { theirs: { title: "theirs again" } } } });
});

test("a repeated creation whose first answer was lost is done", () => {
  const created = note(1, "plan");
  expect(settle(write(begin("k"), " plan "), { kind: "stale", current: created })).toEqual({ done: created });
});

test("a creation whose first answer was lost, and which was changed since, asks", () => {
  const outcome = settle(write(begin("k"), "plan b"), { kind: "stale", current: note(1, "plan") });
  expect(outcome).toMatchObject({ open: { base: 1, obstacle: { kind: "changed" } } });
});

test("a note deleted meanwhile can be saved as new", () => {
  const outcome = settle(write(edit(note(3, "plan")), "ours"), { kind: "gone" });
  expect(outcome).toMatchObject({ open: { base: undefined, obstacle: { kind: "deleted" }, draft: { title: "ours" } } });
});
