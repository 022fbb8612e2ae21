import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetBoards, isUnread, memory, recallBoards, rememberOpened, rememberSeen } from "./memory.ts";

let stored: Map<string, string>;

beforeEach(() => {
  stored = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  recallBoards("ada");
});

afterEach(() => vi.unstubAllGlobals());

test("the board that was opened last is known at the next visit, and is the team's at first", () => {
  expect(memory.value.last).toBe("team");
  rememberOpened("b");
  recallBoards("ada");
  expect(memory.value.last).toBe("b");
});

test("another user of the device begins without a memory, and signing out leaves none behind", () => {
  rememberOpened("b");
  recallBoards("grace");
  expect(memory.value).toEqual({ username: "grace", last: "team", seen: {} });
  recallBoards("ada");
  forgetBoards();
  expect([memory.value.last, stored.size]).toEqual(["team", 0]);
});

test("a board is unread while it has changed later than it was seen", () => {
  const board = { id: "b", changed: "2026-01-02T00:00:00.000Z" };
  expect(isUnread(board, memory.value)).toBe(true);
  expect(isUnread({ id: "b" }, memory.value)).toBe(false);
  rememberSeen({ b: "2026-01-02T00:00:00.000Z" });
  expect(isUnread(board, memory.value)).toBe(false);
  expect(isUnread({ ...board, changed: "2026-01-02T00:00:00.001Z" }, memory.value)).toBe(true);
  rememberSeen({ b: "2026-01-01T00:00:00.000Z" });
  expect(isUnread(board, memory.value)).toBe(false);
});

test("what another tab has seen is not forgotten", () => {
  rememberSeen({ a: "1" });
  stored.set("notes-boards", JSON.stringify({ username: "ada", last: "b", seen: { a: "1", b: "2" } }));
  rememberSeen({ c: "3" });
  expect(JSON.parse(stored.get("notes-boards")!)).toEqual({
    username: "ada",
    last: "team",
    seen: { a: "1", b: "2", c: "3" },
  });
});

test("without storage, the memory lasts until the page is closed", () => {
  vi.stubGlobal("localStorage", undefined);
  recallBoards("ada");
  rememberSeen({ a: "1" });
  rememberOpened("b");
  expect(memory.value).toMatchObject({ last: "b", seen: { a: "1" } });
});
