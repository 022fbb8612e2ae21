import { expect, test } from "vitest";
import type { Comment, Note } from "../note.ts";
import {
  added,
  type CommentList,
  extended,
  joined,
  length,
  mayDelete,
  newId,
  noComments,
  removed,
  renewed,
} from "./comments.ts";

const comment = (id: string, author = "ada"): Comment => ({
  id,
  key: "k",
  author,
  message: `message ${id}`,
  created: "2026-01-01T00:00:00.000Z",
});
const comments = (...ids: string[]) => ids.map((id) => comment(id));
const shown = (list: CommentList) => list.shown.map(({ id }) => id);

test("the list is not called empty before the newest comments arrive", () => {
  expect(joined(noComments).known).toBe(false);
  expect(renewed(joined(noComments), []).known).toBe(true);
});

test("comments are shown newest first, in any order of arrival", () => {
  const list = added(added(renewed(noComments, comments("5", "3")), comment("6")), comment("4"));
  expect(shown(list)).toEqual(["6", "5", "4", "3"]);
});

test("a comment that arrives twice is shown once", () => {
  const twice = added(added(renewed(noComments, comments("1")), comment("2")), comment("2"));
  expect(shown(twice)).toEqual(["2", "1"]);
  expect(shown(renewed(added(joined(noComments), comment("2")), comments("2", "1")))).toEqual(["2", "1"]);
});

test("a comment pushed before an older newest page arrives stays", () => {
  expect(shown(renewed(added(joined(noComments), comment("3")), comments("2", "1")))).toEqual(["3", "2", "1"]);
});

test("a deleted comment never returns", () => {
  const list = removed(renewed(noComments, comments("2", "1"), "1"), "2");
  expect(shown(list)).toEqual(["1"]);
  expect(shown(added(list, comment("2")))).toEqual(["1"]);
  expect(shown(renewed(list, comments("2", "1")))).toEqual(["1"]);
  expect(shown(renewed(removed(joined(noComments), "2"), comments("2", "1")))).toEqual(["1"]);
  expect(shown(extended(removed(list, "0"), "1", { comments: comments("0") }))).toEqual(["1"]);
});

test("comments deleted while disconnected disappear when the newest page arrives", () => {
  const before = added(renewed(joined(noComments), comments("2", "1")), comment("3"));
  expect(shown(joined(before))).toEqual(["3", "2", "1"]);
  expect(shown(renewed(joined(before), comments("4", "2")))).toEqual(["4", "2"]);
});

test("older comments are added at the end, with the next cursor", () => {
  const list = extended(renewed(noComments, comments("4", "3"), "3"), "3", {
    comments: comments("2", "1"),
    cursor: "1",
  });
  expect(shown(list)).toEqual(["4", "3", "2", "1"]);
  expect(list.cursor).toBe("1");
  expect(extended(list, "1", { comments: [] }).cursor).toBeUndefined();
});

test("older comments of a replaced list are ignored", () => {
  const renewedList = renewed(noComments, comments("9", "8"), "8");
  expect(extended(renewedList, "3", { comments: comments("2") })).toBe(renewedList);
});

test("a new id contains its time, and sorts above the shown comments", () => {
  const now = Date.parse("2026-11-23T20:15:00.000Z");
  const id = newId(noComments, now);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(now);
  expect(newId(noComments, now)).not.toBe(id);
  // The other client's clock is ahead.
  const list = added(noComments, comment(newId(noComments, now + 500)));
  expect(newId(list, now) > list.shown[0]!.id).toBe(true);
  expect(newId(list, now + 1_000).slice(0, 13)).toBe(newId(noComments, now + 1_000).slice(0, 13));
});

test("the length of a message excludes outer white space, and counts an emoji as one character", () => {
  expect(length(" \n")).toBe(0);
  expect(length(" Milk? ")).toBe(5);
  expect(length("🦀🦀")).toBe(2);
});

test("only the authors of the comment and of the note may delete a comment", () => {
  const note = { author: "ada" } as Note;
  expect(mayDelete(comment("1", "grace"), note, "grace")).toBe(true);
  expect(mayDelete(comment("1", "grace"), note, "ada")).toBe(true);
  expect(mayDelete(comment("1", "grace"), note, "mary")).toBe(false);
});
