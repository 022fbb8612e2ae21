import { beforeEach, expect, test, vi } from "vitest";
import { browser } from "../testing.ts";

let states: typeof import("./states.ts");
let unsent: typeof import("./unsent.ts");

beforeEach(async () => {
  vi.resetModules();
  browser();
  [states, unsent] = await Promise.all([import("./states.ts"), import("./unsent.ts")]);
});

const noteOf = (key: string, board = "b") => ({ board, key });
const state = (document: string) => ({ document, state: new Uint8Array([0, 0]), vector: new Uint8Array([0]) });
const cache = (key: string, board = "b") => states.write("ada", noteOf(key, board), () => state(key));
const isCached = async (key: string, board = "b") => (await states.read("ada", noteOf(key, board))) !== undefined;
const type = (key: string, board = "b") =>
  unsent.put(unsent.newEdit("ada", noteOf(key, board), key, new Uint8Array([0, 0])));

test("a state is written on top of what another tab has written meanwhile", async () => {
  await cache("plan");
  let before: string | undefined;
  await states.write("ada", noteOf("plan"), (cached) => {
    before = cached?.document;
    return state("next");
  });
  expect([before, (await states.read("ada", noteOf("plan")))?.document]).toEqual(["plan", "next"]);
  await states.write("ada", noteOf("plan"), () => undefined);
  expect(await isCached("plan")).toBe(true);
});

test("the documents of a user are not another's", async () => {
  await cache("plan");
  expect(await states.read("grace", noteOf("plan"))).toBeUndefined();
});

test("only the documents that were open last stay, and those with unsent edits", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  for (let number = 0; number < states.MAX_DOCUMENTS + 2; number += 1) {
    vi.setSystemTime(number);
    await cache(`n${number}`);
  }
  await type("n0");
  await states.evict();
  expect(await Promise.all(["n0", "n1", "n2"].map((key) => isCached(key)))).toEqual([true, false, true]);
  vi.useRealTimers();
});

test("the documents of other boards are deleted, but for those with unsent edits", async () => {
  for (const [key, board] of [
    ["plan", "a"],
    ["plan", "b"],
    ["list", "b"],
  ] as const)
    await cache(key, board);
  await type("list", "b");
  await states.retainBoards(["a"]);
  const left = await Promise.all([isCached("plan", "a"), isCached("plan", "b"), isCached("list", "b")]);
  expect(left).toEqual([true, false, true]);
});

test("a browser that refuses to store data causes no error", async () => {
  vi.stubGlobal("indexedDB", undefined);
  vi.resetModules();
  [states, unsent] = await Promise.all([import("./states.ts"), import("./unsent.ts")]);
  await cache("plan");
  await type("plan");
  await Promise.all([states.clear(), states.evict(), unsent.drop("ada", noteOf("plan"))]);
  expect([await isCached("plan"), await unsent.all()]).toEqual([false, []]);
});
