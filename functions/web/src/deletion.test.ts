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
let asked: RequestInit[];
let answer: () => Response;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () => new Response(null, { status: 204 });
  vi.stubGlobal("fetch", async (_: string, request: RequestInit) => {
    asked.push(request);
    return answer();
  });
});

afterEach(() => {
  dismiss("plan");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a note is shown as gone at once, and deleted after ten seconds, at the version that was seen", async () => {
  deleteSoon(note);
  expect(isPending("plan")).toBe(true);
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ method: "DELETE", headers: { "if-match": '"3"' }, keepalive: true });
  expect(deletions.value).toEqual([]);
});

test("what was undone is never deleted", async () => {
  deleteSoon(note);
  dismiss("plan");
  expect(isPending("plan")).toBe(false);
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(asked).toEqual([]);
});

test("who does not want to wait need not, and it is deleted once", async () => {
  deleteSoon(note);
  await deleteNow(note);
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(asked).toHaveLength(1);
});

test("a note that was changed meanwhile is shown again, with the reason", async () => {
  const problem = { headers: { "content-type": "application/problem+json" }, status: 412 };
  answer = () => new Response(JSON.stringify({ note: { ...note, version: 4 } }), problem);
  deleteSoon(note);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(isPending("plan")).toBe(false);
  expect(deletions.value).toEqual([{ note, failure: "Someone has just changed it." }]);
});
