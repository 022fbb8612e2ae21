import { beforeEach, expect, test, vi } from "vitest";
import type { Note } from "../note.ts";
import type { Board } from "../server/boards.ts";
import { browser } from "../testing.ts";

let cache: typeof import("./cache.ts");

beforeEach(async () => {
  vi.resetModules();
  browser();
  cache = await import("./cache.ts");
});

const id = (key: string, board = "team") => ({ board, key });
const board = (id: string): Board => ({ id, name: id, visibility: "private", role: "owner", version: 1 });
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

test("stored data can be read until the cache is cleared", async () => {
  await Promise.all([
    cache.putUser({ username: "ada", displayName: "Ada" }),
    cache.putTitles("team", titles),
    cache.putNote(id("plan"), note("plan")),
  ]);
  expect(await cache.user()).toEqual({ username: "ada", displayName: "Ada" });
  expect(await cache.titles("team")).toEqual(titles);
  expect(await cache.note(id("plan"))).toEqual(note("plan"));
  await cache.clear();
  expect([await cache.user(), await cache.titles("team"), await cache.note(id("plan"))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("each board has its own titles and notes, and what is cached of a board goes with it", async () => {
  await cache.putTitles("a", titles);
  await cache.putTitles("b", { ...titles, revision: 9 });
  for (const name of ["a", "b", "team"]) await cache.putNote(id("plan", name), { ...note("plan"), body: name });
  expect(await cache.titles("a")).toEqual(titles);
  expect((await cache.note(id("plan", "b")))?.body).toBe("b");
  await cache.putBoards([board("team"), board("a")]);
  expect((await cache.boards())?.map(({ id }) => id)).toEqual(["team", "a"]);
  expect([await cache.titles("b"), await cache.note(id("plan", "b"))]).toEqual([undefined, undefined]);
  expect([(await cache.titles("a"))?.revision, (await cache.note(id("plan")))?.body]).toEqual([7, "team"]);
  await cache.clear();
  expect([await cache.boards(), await cache.titles("a")]).toEqual([undefined, undefined]);
});

test("an older version of a note does not replace a newer one", async () => {
  const version = (version: number, created = note("plan").created) => ({ ...note("plan"), version, created });
  const later = "2026-01-02T00:00:00.000Z";
  // Another note under the same key may have been imported, and created earlier.
  for (const [put, cached] of [
    [version(2), version(2)],
    [version(1), version(2)],
    [version(3), version(3)],
    [version(1, later), version(1, later)],
    [version(1), version(1)],
  ] as const) {
    await cache.putNote(id("plan"), put);
    expect(await cache.note(id("plan"))).toEqual(cached);
  }
});

test("a deleted note is removed from the cache", async () => {
  await cache.putNote(id("plan"), note("plan"));
  await cache.deleteNote(id("plan"));
  expect(await cache.note(id("plan"))).toBeUndefined();
});

test("only the most recently read notes stay in the cache", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  for (let number = 0; number <= cache.MAX_NOTES; number += 1) {
    vi.setSystemTime(number);
    await cache.putNote(id(`n${number}`), note(`n${number}`));
  }
  vi.setSystemTime(1_000);
  await cache.putNote(id("n0"), note("n0"));
  await cache.evict();
  expect(await cache.note(id("n0"))).toBeDefined();
  expect(await cache.note(id("n1"))).toBeUndefined();
  expect(await cache.note(id("n2"))).toBeDefined();
  vi.useRealTimers();
});

test("only the users that were seen last stay in the cache, each with the latest name", async () => {
  const user = (number: number) => ({ username: `user-${number}`, displayName: `User ${number}` });
  await cache.putPeople(Array.from({ length: cache.MAX_PEOPLE }, (_, number) => user(number)));
  await cache.putPeople([{ username: "user-0", gone: true }]);
  expect((await cache.people()).length).toBe(cache.MAX_PEOPLE);
  await cache.putPeople([user(-1)]);
  const people = await cache.people();
  expect(people.length).toBe(cache.MAX_PEOPLE);
  expect(people.slice(-2)).toEqual([{ username: "user-0", gone: true }, user(-1)]);
  expect(people[0]).toEqual(user(2));
  await cache.clear();
  expect(await cache.people()).toEqual([]);
});

test("a browser that refuses to store data causes no error", async () => {
  vi.stubGlobal("indexedDB", undefined);
  vi.resetModules();
  cache = await import("./cache.ts");
  await cache.putUser({ username: "ada", displayName: "Ada" });
  await cache.clear();
  expect([await cache.user(), await cache.note(id("plan"))]).toEqual([undefined, undefined]);
  await cache.putPeople([{ username: "ada", displayName: "Ada" }]);
  expect(await cache.people()).toEqual([]);
});
