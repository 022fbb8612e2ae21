import { beforeEach, expect, test, vi } from "vitest";
import { browser, eventually } from "../testing.ts";

let drafts: typeof import("./draft-store.ts");

beforeEach(async () => {
  vi.resetModules();
  browser();
  drafts = await import("./draft-store.ts");
});

const draftOf = (author: string, note: string) => new drafts.StoredDraft<string>([author, "comment", note]);

test("of what is typed quickly the last is stored", async () => {
  const draft = draftOf("ada", "plan");
  for (const text of ["W", "We", "Wel", "Well", "Well."]) draft.put(text);
  await eventually(async () => expect(await draftOf("ada", "plan").read()).toBe("Well."));
});

test("a draft that was removed stays removed, however soon after it was typed", async () => {
  const draft = draftOf("ada", "plan");
  draft.put("Well.");
  draft.remove();
  await eventually(async () => expect(await draft.read()).toBeUndefined());
  expect(await drafts.draftsOf("ada")).toEqual([]);
});

test("the drafts of a user are found and removed, and others' wait for their author", async () => {
  draftOf("ada", "plan").put("Well.");
  draftOf("ada", "b/shopping").put("Milk?");
  draftOf("grace", "plan").put("Hm.");
  await eventually(async () => expect(await drafts.draftsOf("ada")).toHaveLength(2));
  await drafts.removeDrafts(await drafts.draftsOf("ada"));
  expect(await drafts.draftsOf("ada")).toEqual([]);
  await eventually(async () => expect(await drafts.draftsOf("grace")).toEqual([["grace", "comment", "plan"]]));
});

test("a browser that stores nothing causes no error", async () => {
  vi.stubGlobal("indexedDB", undefined);
  vi.resetModules();
  drafts = await import("./draft-store.ts");
  const draft = draftOf("ada", "plan");
  draft.put("Well.");
  draft.remove();
  expect([await draft.read(), await drafts.draftsOf("ada")]).toEqual([undefined, []]);
});
