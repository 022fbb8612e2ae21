import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browser, eventually } from "../testing.ts";
import { FakeSocket } from "./fake-socket.ts";
import type { FromHub, FromTab } from "./protocol.ts";

let home: FakeSocket;
let hub: import("./hub.ts").Hub;

vi.mock("./namespace.ts", async (original) => ({
  ...(await original<typeof import("./namespace.ts")>()),
  connect: () => ({ socket: (name: string) => (name === "/home" ? home : new FakeSocket()) }),
}));

beforeEach(async () => {
  vi.resetModules();
  browser();
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("fetch", async (path: string) =>
    path === "/api/boards"
      ? Response.json({ boards: ["team", "a", "b"].map((id) => ({ id, name: id })) })
      : new Response(null, { status: 404 }),
  );
  home = new FakeSocket();
  const { Hub } = await import("./hub.ts");
  hub = new Hub();
});

afterEach(() => vi.unstubAllGlobals());

class Tab {
  readonly received: FromHub[] = [];
  close = () => {};
  readonly #port = {
    postMessage: (message: FromHub) => this.received.push(message),
    onmessage: null,
  } as unknown as MessagePort;

  constructor() {
    hub.serve(this.#port, new Promise((closed) => (this.close = () => closed(undefined))));
  }

  send(message: FromTab) {
    this.#port.onmessage?.({ data: message } as MessageEvent);
  }

  enter(board: string) {
    this.send({ kind: "board", board });
    this.send({ kind: "enter", username: "ada", newSession: false });
  }

  /** The revisions of the titles that arrived, by board. */
  get titles() {
    return this.received.flatMap((message) =>
      message.kind === "titles" && message.titles ? [`${message.board} ${message.titles.revision}`] : [],
    );
  }
}

const titles = (board: string, revision: number) =>
  home.push("notetitles", { board, revision, notelist: [], more: false });

test("each tab receives the titles of its own board, and the last tab of a board closes it", async () => {
  const [one, two] = [new Tab(), new Tab()];
  one.enter("a");
  two.enter("b");
  home.accept();
  expect([home.joins, home.events]).toEqual([[{ board: "a" }], ["open-board b"]]);
  home.ack();
  titles("a", 1);
  titles("b", 2);
  expect([one.titles, two.titles]).toEqual([["a 1"], ["b 2"]]);

  await eventually(() => expect(two.received.some(({ kind }) => kind === "boards")).toBe(true));
  two.send({ kind: "board", board: "a" });
  expect([two.titles, home.events]).toEqual([["b 2", "a 1"], ["close-board b"]]);
  home.ack();
  one.close();
  await Promise.resolve();
  titles("a", 3);
  expect([two.titles.at(-1), home.events]).toEqual(["a 3", []]);
});

test("the titles and boards of the last visit are shown until the current ones arrive", async () => {
  const first = new Tab();
  first.enter("a");
  home.accept();
  titles("a", 4);
  await eventually(() =>
    expect(first.received.some((message) => message.kind === "boards" && message.boards)).toBe(true),
  );
  const { Hub } = await import("./hub.ts");
  home = new FakeSocket();
  hub = new Hub();
  const later = new Tab();
  later.enter("a");
  await eventually(() => expect(later.titles).toEqual(["a 4"]));
  await eventually(() =>
    expect(later.received.findLast(({ kind }) => kind === "boards")).toMatchObject({ boards: { cached: true } }),
  );
});

test("notes with the same key on two boards are different notes", () => {
  const tab = new Tab();
  tab.enter("a");
  for (const board of ["a", "b"]) tab.send({ kind: "open", note: { board, key: "plan" } });
  tab.send({ kind: "close", note: { board: "a", key: "plan" } });
  const opened = tab.received.flatMap((message) => (message.kind === "note" ? [message.note.board] : []));
  expect(new Set(opened)).toEqual(new Set(["a", "b"]));
});
