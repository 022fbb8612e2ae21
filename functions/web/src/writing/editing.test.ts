import { expect, test } from "vitest";
import type { Note } from "../note.ts";
import { begin, type Editing, edit, follow, isUnsaved, lose, overwrite, settle } from "./editing.ts";

const note = (version: number, body = "The text."): Note => ({
  key: "plan",
  title: "Plan",
  body,
  version,
  author: "ada",
  editor: "grace",
  created: "2026-01-01T00:00:00.000Z",
  updated: "2026-01-01T00:00:00.000Z",
});
const type = (editing: Editing, body: string): Editing => ({ ...editing, draft: { ...editing.draft, body } });
const base = (version: number, body = "The text.") => ({ version, title: "Plan", body });

test("a note is edited from the version that was read, and there is nothing to save at first", () => {
  const editing = edit("e", "b", note(3));
  expect(editing).toEqual({
    id: "e",
    board: "b",
    key: "plan",
    draft: { title: "Plan", body: "The text." },
    base: base(3),
    obstacle: undefined,
  });
  expect(isUnsaved(editing)).toBe(false);
  expect(isUnsaved(type(editing, "More."))).toBe(true);
});

test("a new note is unsaved once something is written", () => {
  const editing = begin("e", { board: "b", key: "plan" });
  expect(isUnsaved(editing)).toBe(false);
  expect(isUnsaved(type(editing, "A"))).toBe(true);
});

test("what was saved is what the next save replaces, and what was typed meanwhile is still to be saved", () => {
  const sent = type(edit("e", "b", note(3)), "Mine.");
  const typed = type(sent, "Mine, and more.");
  const after = settle(typed, sent.draft, { kind: "saved", note: note(4, "Mine.") });
  expect(after.base).toEqual(base(4, "Mine."));
  expect(after.draft.body).toBe("Mine, and more.");
  expect(isUnsaved(after)).toBe(true);
  expect(isUnsaved(settle(sent, sent.draft, { kind: "saved", note: note(4, "Mine.") }))).toBe(false);
});

test("a title is saved without the blanks around it", () => {
  const editing = { ...begin("e", { board: "b", key: "plan" }), draft: { title: " Plan ", body: "The text." } };
  expect(isUnsaved(settle(editing, editing.draft, { kind: "saved", note: note(1) }))).toBe(false);
});

test("another's version stands in the way, and what both began from is not forgotten", () => {
  const mine = type(edit("e", "b", note(3)), "Mine.");
  const after = settle(mine, mine.draft, { kind: "stale", current: note(5, "Theirs.") });
  expect(after.obstacle).toEqual({ kind: "changed", theirs: note(5, "Theirs.") });
  expect(after.base).toEqual(base(3));
  expect(after.draft.body).toBe("Mine.");
});

test("an attempt whose answer was lost is no conflict with oneself", () => {
  const mine = type(edit("e", "b", note(3)), "Mine.");
  const after = settle(type(mine, "Mine, and more."), mine.draft, { kind: "stale", current: note(4, "Mine.") });
  expect(after.obstacle).toBeUndefined();
  expect(after.base).toEqual(base(4, "Mine."));
});

test("only the person's choice saves over another's version, or makes a deleted note anew", () => {
  const mine = type(edit("e", "b", note(3)), "Mine.");
  const stale = settle(mine, mine.draft, { kind: "stale", current: note(5, "Theirs.") });
  expect(overwrite(stale, stale.draft)).toEqual({ ...mine, base: base(5, "Theirs.") });
  const gone = settle(mine, mine.draft, { kind: "gone" });
  expect(gone.obstacle).toEqual({ kind: "deleted" });
  expect(overwrite(gone, gone.draft)).toEqual({ ...mine, base: undefined });
  expect(overwrite(mine, { title: "", body: "" })).toBe(mine);
});

test("who has written nothing follows what others write", () => {
  const reading = edit("e", "b", note(3));
  expect(follow(reading, note(4, "Theirs."))).toEqual(edit("e", "b", note(4, "Theirs.")));
  expect(follow(reading, note(3))).toBe(reading);
  expect(follow(reading, note(2))).toBe(reading);
});

test("who has written something keeps it, and is shown the newest of others' versions", () => {
  const mine = type(edit("e", "b", note(3)), "Mine.");
  expect(follow(mine, note(4, "Theirs."))).toBe(mine);
  const stale = settle(mine, mine.draft, { kind: "stale", current: note(4, "Theirs.") });
  expect(follow(stale, note(5, "Theirs again.")).obstacle).toEqual({
    kind: "changed",
    theirs: note(5, "Theirs again."),
  });
  expect(follow(stale, note(4, "Theirs."))).toBe(stale);
});

test("a note that is gone stands in the way of who edits it, not of who has not saved it yet", () => {
  expect(lose(edit("e", "b", note(3))).obstacle).toEqual({ kind: "deleted" });
  const fresh = begin("e", { board: "b", key: "plan" });
  expect(lose(fresh)).toBe(fresh);
});
