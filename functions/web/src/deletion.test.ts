import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deleteNow, deleteSoon, deletions, dismiss, isPending, UNDO_MS } from "./deletion.ts";
import type { Note } from "./note.ts";

const note: Note = {
  key: "plan",
  title: "Plan",
  body: "",
  version: 3,
  author: "ada",
  editor: "ada",
  created: "2026-01-01T00:00:00.000Z",
  updated: "2026-01-01T00:00:00.000Z",
};
const id = { board: "b", key: "plan" };
let asked: RequestInit[];
let paths: string[];
let respond: () => Response;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  paths = [];
  respond = () => new Response(null, { status: 204 });
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    paths.push(path);
    asked.push(request);
    return respond();
  });
});

afterEach(() => {
  dismiss(id);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a note is shown as gone at once, and deleted after ten seconds, whatever its version is", async () => {
  deleteSoon("b", note);
  expect(isPending(id)).toBe(true);
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(paths).toEqual(["/api/boards/b/notes/plan"]);
  expect(asked[0]).toMatchObject({ method: "DELETE", headers: { "if-match": "*" }, keepalive: true });
  expect(deletions.value).toEqual([]);
});

test("what was undone is never deleted", async () => {
  deleteSoon("b", note);
  dismiss(id);
  expect(isPending(id)).toBe(false);
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(asked).toEqual([]);
});

test("a deletion can be made at once, and happens once", async () => {
  deleteSoon("b", note);
  await deleteNow("b", note);
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(asked).toHaveLength(1);
});

test("a note that was changed meanwhile is shown again, with the reason", async () => {
  const problem = { headers: { "content-type": "application/problem+json" }, status: 412 };
  respond = () => new Response(JSON.stringify({ note: { ...note, version: 4 } }), problem);
  deleteSoon("b", note);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(isPending(id)).toBe(false);
  expect(deletions.value).toEqual([{ board: "b", note, failure: "Someone has just changed it." }]);
});

test("a note with the same key on another board is not hidden", async () => {
  deleteSoon("b", note);
  expect(isPending({ board: "other", key: "plan" })).toBe(false);
  dismiss({ board: "other", key: "plan" });
  expect(isPending(id)).toBe(true);
});
