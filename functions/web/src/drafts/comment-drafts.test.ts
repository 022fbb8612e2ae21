import { expect, test, vi } from "vitest";
import { TEAM } from "../note.ts";
import { browser, eventually } from "../testing.ts";
import { CommentDraft } from "./comment-drafts.ts";

test("a comment is sent with the same id until its text changes, or the server took nothing with it", async () => {
  let made = 0;
  const make = () => `id-${++made}`;
  const draft = await CommentDraft.of("ada", { board: "b", key: "shopping" });
  draft.keep("Milk?");
  expect([draft.id(make), draft.id(make)]).toEqual(["id-1", "id-1"]);
  expect((await CommentDraft.of("ada", { board: "b", key: "shopping" })).id(make)).toBe("id-1");
  expect((await CommentDraft.of("ada", { board: "b", key: "other" })).id(make)).toBe("id-2");
  draft.keep("Cream?");
  expect(draft.id(make)).toBe("id-3");
  draft.renewId();
  expect(draft.id(make)).toBe("id-4");
  draft.keep("");
  draft.keep("Cream?");
  expect(draft.id(make)).toBe("id-5");
});

test("a comment from before there were boards is found on its note, and on no other board", async () => {
  vi.resetModules();
  browser();
  const [{ StoredDraft }, drafts] = await Promise.all([import("./draft-store.ts"), import("./comment-drafts.ts")]);
  const former = new StoredDraft<{ text: string }>(["ada", "comment", "shopping"]);
  former.put({ text: "Milk?" });
  await eventually(async () => expect(await former.read()).toEqual({ text: "Milk?" }));
  expect((await drafts.CommentDraft.of("ada", { board: "b", key: "shopping" })).text).toBe("");
  expect((await drafts.CommentDraft.of("ada", { board: TEAM, key: "shopping" })).text).toBe("Milk?");
});
