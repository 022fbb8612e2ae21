import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  deleteNote,
  deletions,
  deletionsMade,
  forgetDeletions,
  isDeleted,
  leftTrash,
  UNDO_MS,
  undo,
} from "./deletion.ts";
import type { Note } from "./note.ts";

const note: Note = {
  key: "plan",
  title: "Plan",
  body: "",
  version: 3,
  author: "ada",
  editor: "ada",
  created: "2026-01-01T00:00:00.000Z",
  updated: "2026-01-01T00:05:00.000Z",
};
const NOW = "2026-01-01T00:10:00.000Z";
/** The row of the note before its deletion, with a change that this tab does not know yet. */
const row = { key: "plan", title: "Plan", updated: "2026-01-01T00:09:00.000Z" };
/** The row of the note after it was restored. */
const restored = { ...row, updated: "2026-01-01T00:11:00.000Z" };
const deletion = { board: "b", note, begun: NOW };

let requests: { path: string; request: RequestInit }[];
let respond: (path: string) => Response | Promise<Response>;
let flush: () => Promise<void>;

const noContent = () => new Response(null, { status: 204 });
const problem = (status: number, content: object) =>
  new Response(JSON.stringify(content), { status, headers: { "content-type": "application/problem+json" } });

/** Returns the methods and paths of the requests so far. */
const sent = () => requests.map(({ path, request }) => `${request.method} ${path}`);

const DELETE = "DELETE /api/boards/b/notes/plan";
const RESTORE = "POST /api/boards/b/trash/plan%402026-01-01T00%3A00%3A00.000Z/restore";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) });
  requests = [];
  flush = async () => {};
  respond = (path) => (path.endsWith("/restore") ? new Response(JSON.stringify(note)) : noContent());
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    requests.push({ path, request });
    return respond(path);
  });
});

afterEach(() => {
  forgetDeletions();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a note is deleted at once, whatever its version is, even if the page is left", async () => {
  deleteNote("b", note, flush);
  expect(deletions.value).toEqual([deletion]);
  await deletionsMade();
  expect(sent()).toEqual([DELETE]);
  expect(requests[0]?.request).toMatchObject({ headers: { "if-match": "*" }, keepalive: true });
  expect(deletions.value).toEqual([deletion]);
});

test("what is unsent is sent before", async () => {
  flush = async () => void (await fetch("/unsent", { method: "POST" }));
  deleteNote("b", note, flush);
  await deletionsMade();
  expect(sent()).toEqual(["POST /unsent", DELETE]);
});

test("the page offers to undo a deletion for a while", async () => {
  deleteNote("b", note, flush);
  await deletionsMade();
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(deletions.value).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(deletions.value).toEqual([]);
});

test("undoing restores the note from the trash, once it is there", async () => {
  let deleted = () => {};
  respond = (path) =>
    path.endsWith("/restore")
      ? new Response(JSON.stringify(note))
      : new Promise((resolve) => (deleted = () => resolve(noContent())));
  deleteNote("b", note, flush);
  const undone = undo(deletion);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent()).toEqual([DELETE]);
  deleted();
  expect(await undone).toBe(true);
  expect(sent()).toEqual([DELETE, RESTORE]);
  expect(deletions.value).toEqual([]);
});

test("a deletion that could not be undone stays, with the reason, and can be undone again", async () => {
  deleteNote("b", note, flush);
  await deletionsMade();
  respond = () => problem(412, { type: "/api/problems/key-taken", detail: "A note with this key exists." });
  expect(await undo(deletion)).toBe(false);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(deletions.value).toMatchObject([{ failed: "restore", reason: "A note with this key exists." }]);
  respond = () => new Response(JSON.stringify(note));
  expect(await undo(deletion)).toBe(true);
});

test("a note that could not be deleted is still there, with the reason", async () => {
  respond = () => problem(403, { type: "/api/problems/read-only", detail: "You may only read." });
  deleteNote("b", note, flush);
  await deletionsMade();
  expect(deletions.value).toEqual([{ ...deletion, failed: "delete", reason: "You may only read." }]);
  expect(isDeleted("b", row)).toBe(false);
  expect(await undo(deletion)).toBe(false);
  expect(sent()).toEqual([DELETE]);
});

test("a note that someone else has deleted meanwhile can be restored as well", async () => {
  respond = () => problem(404, { type: "/api/problems/no-such-note" });
  deleteNote("b", note, flush);
  await deletionsMade();
  expect(deletions.value).toEqual([deletion]);
});

test("the list hides the note until it is restored, and no note of another board or key", () => {
  deleteNote("b", note, flush);
  expect(isDeleted("b", row)).toBe(true);
  expect(isDeleted("b", restored)).toBe(false);
  expect(isDeleted("other", row)).toBe(false);
  expect(isDeleted("b", { ...row, key: "other" })).toBe(false);
});

test("a note that has left the trash is no longer shown as deleted", async () => {
  deleteNote("b", note, flush);
  await deletionsMade();
  for (const [board, id] of [
    ["other", "plan@2026-01-01T00:00:00.000Z"],
    ["b", "plan@2026-01-02T00:00:00.000Z"],
  ] as const) {
    leftTrash(board, id);
    expect(deletions.value).toEqual([deletion]);
  }
  leftTrash("b", "plan@2026-01-01T00:00:00.000Z");
  expect(deletions.value).toEqual([]);
});

test("deletions of a session that ended do not return, whatever becomes of them", async () => {
  let fail = () => {};
  respond = () => new Promise((resolve) => (fail = () => resolve(problem(401, {}))));
  deleteNote("b", note, flush);
  await vi.waitFor(() => expect(sent()).toEqual([DELETE]));
  forgetDeletions();
  fail();
  await deletionsMade();
  expect(deletions.value).toEqual([]);
});
