import { beforeEach, expect, test, vi } from "vitest";
import { browser, eventually } from "../testing.ts";
import { begin, type Editing } from "./editing.ts";

let page: ReturnType<typeof browser>;
let drafts: typeof import("./drafts.ts");

beforeEach(async () => {
  vi.resetModules();
  page = browser();
  drafts = await import("./drafts.ts");
});

const written = (id: string, body: string): Editing => ({
  ...begin(id, { board: "b", key: id }),
  draft: { title: "Plan", body },
});
const edit = (author: string, id: string) => new drafts.Kept<Editing>([author, "edit", id]);

test("a draft is there for the next page once the page that wrote it is gone, and not before", async () => {
  edit("ada", "one").keep(written("one", "Typed."));
  expect(await drafts.leftBehind("ada")).toEqual([]);
  page.unlock(/one/);
  await eventually(async () => expect(await drafts.leftBehind("ada")).toEqual([written("one", "Typed.")]));
});

test("of what is typed quickly the last is kept", async () => {
  const kept = edit("ada", "one");
  for (const body of ["T", "Ty", "Typ", "Type", "Typed."]) kept.keep(written("one", body));
  page.unlock(/one/);
  await eventually(async () => expect((await drafts.leftBehind("ada"))[0]?.draft.body).toBe("Typed."));
});

test("what was saved is kept no longer, however soon after it was typed", async () => {
  const kept = edit("ada", "one");
  kept.keep(written("one", "Typed."));
  kept.drop();
  await eventually(async () => expect(await kept.read()).toBeUndefined());
  expect(await drafts.leftBehind("ada")).toEqual([]);
});

test("nobody is offered what another wrote, and it waits for its author", async () => {
  edit("ada", "one").keep(written("one", "Ada's."));
  edit("grace", "two").keep(written("two", "Grace's."));
  page.unlock(/./);
  await eventually(async () => expect(await drafts.leftBehind("grace")).toEqual([written("two", "Grace's.")]));
  expect(await drafts.leftBehind("ada")).toEqual([written("one", "Ada's.")]);
});

test("all that somebody has not saved is found, edits and comments, here and elsewhere, and dropped", async () => {
  edit("ada", "one").keep(written("one", "Here."));
  edit("ada", "two").keep(written("two", "Elsewhere."));
  new drafts.Kept<string>(["ada", "comment", "plan"]).keep("Well.");
  edit("grace", "three").keep(written("three", "Grace's."));
  const unsaved = [
    ["ada", "comment", "plan"],
    ["ada", "edit", "one"],
    ["ada", "edit", "two"],
  ];
  await eventually(async () => expect(await drafts.unsavedOf("ada")).toEqual(unsaved));
  await drafts.dropAll(await drafts.unsavedOf("ada"));
  expect(await drafts.unsavedOf("ada")).toEqual([]);
  expect(await drafts.unsavedOf("grace")).toHaveLength(1);
});

test("a draft is let go of only once it is gone", async () => {
  const kept = edit("ada", "one");
  kept.keep(written("one", "Typed."));
  kept.drop();
  const held = async () => (await navigator.locks.query()).held?.length;
  await eventually(async () => expect(await held()).toBe(0));
  expect(await drafts.unsavedOf("ada")).toEqual([]);
});

test("a browser that keeps nothing hinders nobody", async () => {
  vi.stubGlobal("indexedDB", undefined);
  vi.resetModules();
  drafts = await import("./drafts.ts");
  const kept = edit("ada", "one");
  kept.keep(written("one", "Typed."));
  kept.drop();
  expect(await kept.read()).toBeUndefined();
  expect(await drafts.leftBehind("ada")).toEqual([]);
});

test("a draft from before there were boards is on the board of the team", async () => {
  const { board: _, ...former } = written("one", "Typed.");
  new drafts.Kept<typeof former>(["ada", "edit", "one"]).keep(former);
  page.unlock(/one/);
  await eventually(async () => expect(await drafts.leftBehind("ada")).toEqual([{ ...former, board: "team" }]));
});
