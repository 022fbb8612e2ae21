import type { Manager } from "socket.io-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "./fake-socket.ts";
import { Home } from "./home.ts";

const settle = () => vi.advanceTimersByTimeAsync(0);

async function ack(answer?: object) {
  socket.ack(answer);
  await settle();
}
const titles = (revision: number) => ({ revision, notelist: [], more: false });
const board = (id: string) => ({ id, name: id, visibility: "private", role: "editor", version: 1 });

let socket: FakeSocket;
let home: Home;
let shown: [board: string, revision: number | undefined][];
let ended: number;
let requests: string[];
let boards: string[];

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  shown = [];
  ended = 0;
  requests = [];
  boards = ["team", "a", "b"];
  vi.stubGlobal("fetch", async (path: string) => {
    requests.push(path);
    return Response.json(path === "/api/boards" ? { boards: boards.map(board) } : { notelist: [] });
  });
  home = new Home({ socket: () => socket } as unknown as Manager, {
    ended: () => {
      ended += 1;
    },
    titles: (board, titles) => shown.push([board, titles?.revision]),
  });
});

afterEach(() => {
  home.leave();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function join(...open: string[]) {
  for (const board of open) home.open(board);
  home.join();
  socket.accept();
  await settle();
}

test("the first open board is joined with the connection, and the others after it", async () => {
  await join("a", "b");
  expect(socket.joins).toEqual([{ board: "a" }]);
  expect(socket.events).toEqual(["open-board b"]);
  expect(requests).toEqual(["/api/boards"]);
  expect(home.boards.value).toMatchObject({ cached: false, boards: [{ id: "team" }, { id: "a" }, { id: "b" }] });
});

test("all open boards are joined again after a reconnection, and the boards are read again", async () => {
  await join("a", "b");
  await ack();
  home.close("a");
  expect(socket.events).toEqual(["close-board a"]);
  socket.lose();
  home.open("team");
  await settle();
  socket.connect();
  socket.accept();
  await settle();
  expect(socket.joins).toEqual([{ board: "a" }, { board: "b" }]);
  expect(socket.events).toEqual(["open-board team"]);
  expect(requests).toEqual(["/api/boards", "/api/boards"]);
});

test("one request for a board is in progress at a time, and the last wish counts", async () => {
  await join("a");
  home.open("b");
  home.close("b");
  home.open("b");
  home.close("b");
  expect(socket.events).toEqual(["open-board b"]);
  await ack();
  expect(socket.events).toEqual(["close-board b"]);
  await ack();
  expect(socket.events).toEqual([]);
});

test("an open that is not acknowledged is repeated, and the titles are read meanwhile", async () => {
  await join("a");
  home.open("b");
  socket.pending.shift()?.fail();
  await settle();
  expect(requests).toEqual(["/api/boards", "/api/boards/b/notes"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(socket.events).toEqual(["open-board b"]);
});

test("lists are compared by revision within a board only", async () => {
  await join("a", "b");
  await ack();
  socket.push("notetitles", { board: "a", ...titles(7) });
  socket.push("notetitles", { board: "b", ...titles(2) });
  socket.push("notetitles", { board: "a", ...titles(6) });
  socket.push("notetitles", { board: "b", ...titles(3) });
  expect(shown).toEqual([
    ["a", 7],
    ["b", 2],
    ["b", 3],
  ]);
  expect([home.titlesOf("a")?.revision, home.titlesOf("b")?.revision]).toEqual([7, 3]);
});

test("the list of a board that was closed is dropped, and a late one is ignored", async () => {
  await join("a", "b");
  await ack();
  socket.push("notetitles", { board: "b", ...titles(2) });
  home.close("b");
  socket.push("notetitles", { board: "b", ...titles(3) });
  expect(home.titlesOf("b")).toBeUndefined();
  home.open("b");
  socket.push("notetitles", { board: "b", ...titles(1) });
  expect(home.titlesOf("b")?.revision).toBe(1);
});

test("the list of a board that is gone is dropped, and returns with the board", async () => {
  await join("a");
  socket.push("notetitles", { board: "a", ...titles(2) });
  boards = ["team"];
  socket.push("boards", {});
  await settle();
  expect(shown.at(-1)).toEqual(["a", undefined]);
  expect(socket.events).toEqual([]);
  boards = ["team", "a"];
  socket.push("boards", {});
  await settle();
  expect(socket.events).toEqual(["open-board a"]);
});

test("a board that the server refuses does not keep the boards away", async () => {
  home.open("gone");
  home.open("a");
  home.join();
  socket.refuse("no-such-board");
  socket.accept();
  await settle();
  expect(socket.joins).toEqual([{ board: "gone" }, { board: "a" }]);
  expect([ended, socket.events, home.boards.value?.boards.length]).toEqual([0, [], 3]);
});

test("a refusal that the list of boards contradicts is not repeated at once", async () => {
  await join("a");
  home.open("b");
  await ack({ error: { code: "no-such-board", message: "There is no such board." } });
  expect([socket.events, requests.length]).toEqual([[], 1]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([socket.events, requests.length]).toEqual([["open-board b"], 2]);
});

test("the end of the session ends the lists", async () => {
  await join("a");
  socket.push("notetitles", { board: "a", ...titles(2) });
  home.leave();
  expect([home.boards.value, home.titlesOf("a"), home.openBoards]).toEqual([undefined, undefined, []]);
  home.join();
  socket.refuse("unauthenticated");
  expect(ended).toBe(1);
});

test("many events about boards lead to two requests, and a failed one is repeated", async () => {
  await join("a");
  for (let event = 0; event < 5; event += 1) socket.push("boards", {});
  await settle();
  expect(requests.length).toBe(3);
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no network");
  });
  socket.push("boards", {});
  await settle();
  vi.stubGlobal("fetch", async () => Response.json({ boards: [board("b")] }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(home.boards.value?.boards.map(({ id }) => id)).toEqual(["b"]);
});

test("without a live connection, the boards and the titles of each open board are read", async () => {
  home.open("a");
  home.open("b");
  home.join();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(requests.sort()).toEqual(["/api/boards", "/api/boards/a/notes", "/api/boards/b/notes"]);
  expect(home.connection.value).toBe("polling");
  home.open("team");
  await settle();
  expect(requests.at(-1)).toBe("/api/boards/team/notes");
});

test("a board that is not in the list makes it read again", async () => {
  await join("a");
  home.open("b");
  await settle();
  expect(requests.length).toBe(1);
  boards.push("new");
  home.open("new");
  await settle();
  expect(home.boards.value?.boards.map(({ id }) => id)).toContain("new");
});

test("activity on a board that is not open is noted", async () => {
  await join("a");
  socket.push("activity", { board: "b", changed: "2026-01-01T00:00:00.000Z" });
  expect(home.boards.value?.boards.find(({ id }) => id === "b")?.changed).toBe("2026-01-01T00:00:00.000Z");
});
