import { expect, test } from "vitest";
import { CommentDraft } from "./comment-drafts.ts";

test("a comment is sent with the same id until its text changes, or the server took nothing with it", async () => {
  let made = 0;
  const make = () => `id-${++made}`;
  const draft = await CommentDraft.of("ada", "shopping");
  draft.keep("Milk?");
  expect([draft.id(make), draft.id(make)]).toEqual(["id-1", "id-1"]);
  expect((await CommentDraft.of("ada", "shopping")).id(make)).toBe("id-1");
  expect((await CommentDraft.of("ada", "other")).id(make)).toBe("id-2");
  draft.keep("Cream?");
  expect(draft.id(make)).toBe("id-3");
  draft.renewId();
  expect(draft.id(make)).toBe("id-4");
  draft.keep("");
  draft.keep("Cream?");
  expect(draft.id(make)).toBe("id-5");
});
