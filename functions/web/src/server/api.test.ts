import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Note } from "../note.ts";
import * as api from "./api.ts";
import * as boards from "./boards.ts";
import { Problem } from "./problem.ts";
import { version, versions } from "./versions.ts";

const id = { board: "b", key: "plan" };
const { signal } = new AbortController();
let asked: string[];
let respond: () => Response;

beforeEach(() => {
  asked = [];
  respond = () => Response.json({});
  vi.stubGlobal("fetch", async (path: string, { method, headers = {}, body }: RequestInit) => {
    const condition = new Headers(headers).get("if-match");
    asked.push([method, path, condition && `if ${condition}`, body].filter(Boolean).join(" "));
    return respond();
  });
});

afterEach(() => vi.unstubAllGlobals());

const problem =
  (status: number, code: string, rest: object = {}) =>
  () =>
    new Response(JSON.stringify({ type: `https://notes.example/problems/${code}`, ...rest }), {
      status,
      headers: { "content-type": "application/problem+json" },
    });

test("every request for notes names their board", async () => {
  await api.titles("b", "x");
  await api.count("b");
  await api.read(id, signal);
  await api.comments(id);
  await api.write(id, 3, { title: "T", body: "" });
  await api.destroy(id);
  await api.move(id, "c");
  await versions(id, "x");
  await version(id, 2, signal);
  expect(asked).toEqual([
    "GET /api/boards/b/notes?cursor=x",
    "GET /api/boards/b/notes?select=count",
    "GET /api/boards/b/notes/plan",
    "GET /api/boards/b/notes/plan/comments",
    'PUT /api/boards/b/notes/plan if "3" {"title":"T","body":""}',
    "DELETE /api/boards/b/notes/plan if *",
    'POST /api/boards/b/notes/plan/move if * {"board":"c"}',
    "GET /api/boards/b/notes/plan/versions?cursor=x",
    "GET /api/boards/b/notes/plan/versions/2",
  ]);
});

test("a problem says how long to wait, if the server does", async () => {
  const failing = (headers: Record<string, string>) => () =>
    new Response(JSON.stringify({ detail: "Wait." }), {
      status: 429,
      headers: { "content-type": "application/problem+json", ...headers },
    });
  for (const [headers, seconds] of [
    [{ "retry-after": "40" }, 40],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ] as const) {
    respond = failing(headers);
    const problem = await api.titles("b").catch((error: Problem) => error);
    expect(problem).toMatchObject({ status: 429, message: "Wait.", passing: true, retryAfter: seconds });
  }
});

test("every request for a board names it", async () => {
  const board = { id: "b", version: 2 } as boards.Board;
  await boards.boards();
  await boards.createBoard({ name: "B", visibility: "private" });
  await boards.changeBoard(board, { name: "B", visibility: "team", teamRole: "reader" });
  await boards.deleteBoard(board);
  await boards.members("b");
  await boards.setMember("b", "ada", "editor");
  await boards.removeMember("b", "ada");
  await boards.boardInvitations("b");
  await boards.inviteToBoard("b", { role: "reader", days: 7, uses: 1 });
  await boards.revokeBoardInvitation("b", "i");
  await boards.joinBoard("b.secret");
  expect(asked).toEqual([
    "GET /api/boards",
    'POST /api/boards {"name":"B","visibility":"private"}',
    'PUT /api/boards/b if "2" {"name":"B","visibility":"team","teamRole":"reader"}',
    'DELETE /api/boards/b if "2"',
    "GET /api/boards/b/members",
    'PUT /api/boards/b/members/ada {"role":"editor"}',
    "DELETE /api/boards/b/members/ada",
    "GET /api/boards/b/invitations",
    'POST /api/boards/b/invitations {"role":"reader","days":7,"uses":1}',
    "DELETE /api/boards/b/invitations/i",
    'POST /api/boards/join {"token":"b.secret"}',
  ]);
});

test("the strength of a password is asked with the names of its user", async () => {
  respond = () => Response.json({ score: 1, weakness: "known-word" });
  const names = { username: "ada", displayName: "Ada" };
  expect(await api.passwordStrength("ada 1815", names, signal)).toEqual({ score: 1, weakness: "known-word" });
  expect(asked).toEqual(['POST /api/password-strength {"password":"ada 1815","username":"ada","displayName":"Ada"}']);
});

test("a missing note is distinguished from a board that the user may not open", async () => {
  respond = problem(404, "no-such-note");
  expect(await api.read(id, signal)).toBeUndefined();
  expect(await api.write(id, 1, { title: "T", body: "" })).toEqual({ kind: "gone" });
  respond = problem(404, "no-such-board");
  await expect(api.read(id, signal)).rejects.toMatchObject({ status: 404, code: "no-such-board" });
  await expect(api.write(id, 1, { title: "T", body: "" })).rejects.toBeInstanceOf(Problem);
});

test("a note is moved at whatever version it is, unless it changes at the same moment", async () => {
  expect(await api.move(id, "c")).toEqual({ kind: "moved" });
  const note = { key: "plan", version: 4 } as Note;
  respond = problem(412, "stale", { note });
  expect(await api.move(id, "c")).toEqual({ kind: "stale", current: note });
});
