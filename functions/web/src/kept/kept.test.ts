import { beforeEach, expect, test, vi } from "vitest";
import type { Note } from "../note.ts";
import { browser } from "../testing.ts";

let kept: typeof import("./kept.ts");

beforeEach(async () => {
  vi.resetModules();
  browser();
  kept = await import("./kept.ts");
});

const note = (key: string): Note => ({
  key,
  title: key,
  body: "",
  version: 1,
  author: "ada",
  editor: "ada",
  created: "2026-01-01T00:00:00.000Z",
  updated: "2026-01-01T00:00:00.000Z",
});
const titles = { revision: 7, notelist: [], more: false };

test("what was kept is there again, and nothing of it once it was forgotten", async () => {
  await Promise.all([
    kept.keepUser({ username: "ada", displayName: "Ada" }),
    kept.keepTitles(titles),
    kept.keepNote(note("plan")),
  ]);
  expect(await kept.user()).toEqual({ username: "ada", displayName: "Ada" });
  expect(await kept.titles()).toEqual(titles);
  expect(await kept.note("plan")).toEqual(note("plan"));
  await kept.forget();
  expect([await kept.user(), await kept.titles(), await kept.note("plan")]).toEqual([undefined, undefined, undefined]);
});

test("a note that is gone is kept no longer", async () => {
  await kept.keepNote(note("plan"));
  await kept.dropNote("plan");
  expect(await kept.note("plan")).toBeUndefined();
});

test("the notes that were read last are kept, and so many", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  for (let number = 0; number <= kept.MOST_NOTES; number += 1) {
    vi.setSystemTime(number);
    await kept.keepNote(note(`n${number}`));
  }
  vi.setSystemTime(1_000);
  await kept.keepNote(note("n0"));
  await kept.tidy();
  expect(await kept.note("n0")).toBeDefined();
  expect(await kept.note("n1")).toBeUndefined();
  expect(await kept.note("n2")).toBeDefined();
  vi.useRealTimers();
});

test("a browser that keeps nothing is no failure", async () => {
  vi.stubGlobal("indexedDB", undefined);
  vi.resetModules();
  kept = await import("./kept.ts");
  await kept.keepUser({ username: "ada", displayName: "Ada" });
  await kept.forget();
  expect([await kept.user(), await kept.note("plan")]).toEqual([undefined, undefined]);
});
