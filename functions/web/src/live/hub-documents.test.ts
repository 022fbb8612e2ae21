import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toBase64 } from "../server/base64.ts";
import { browser, eventually } from "../testing.ts";
import { FakeSocket } from "./fake-socket.ts";
import type { FromHub, FromTab } from "./protocol.ts";

const note = { board: "b", key: "plan" };

let notes: FakeSocket;
let hub: import("./hub.ts").Hub;

vi.mock("./namespace.ts", async (original) => ({
  ...(await original<typeof import("./namespace.ts")>()),
  connect: () => ({ socket: (name: string) => (name === "/notes" ? notes : new FakeSocket()) }),
}));

beforeEach(async () => {
  vi.resetModules();
  browser();
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  notes = new FakeSocket();
  const { Hub } = await import("./hub.ts");
  hub = new Hub();
});

afterEach(() => vi.unstubAllGlobals());

/** A tab with the note open. */
class Tab {
  readonly received: FromHub[] = [];
  readonly #port = {
    postMessage: (message: FromHub) => this.received.push(message),
    onmessage: null,
  } as unknown as MessagePort;

  constructor() {
    hub.serve(this.#port, new Promise(() => {}));
    this.send({ kind: "enter", username: "ada", newSession: false });
    this.send({ kind: "open", note });
  }

  send(message: FromTab) {
    this.#port.onmessage?.({ data: message } as MessageEvent);
  }

  get events() {
    return this.received.flatMap((message) => (message.kind === "document-event" ? [message.event] : []));
  }
}

const bytes = (...values: number[]) => new Uint8Array(values);

async function joined(): Promise<Tab> {
  const tab = new Tab();
  await eventually(() => expect(notes.joins).toHaveLength(1));
  notes.accept();
  notes.push("document", { ...note, document: "d", update: toBase64(bytes(1)) });
  return tab;
}

test("every tab with the note open gets the events of its document", async () => {
  const [one, two] = [await joined(), new Tab()];
  const from = { socket: "s", username: "grace" };
  notes.push("edit", { ...note, document: "d", update: toBase64(bytes(2)), from, cursor: "{}" });
  notes.push("cursor", { ...note, from });
  const events = [
    { kind: "edit", document: "d", update: bytes(2), from, cursor: "{}" },
    { kind: "cursor", from, cursor: null },
  ];
  expect(one.events).toEqual([{ kind: "document", document: "d", update: bytes(1) }, ...events]);
  expect(two.events).toEqual(events);
});

test("the note is joined again when its reader has another name", async () => {
  const tab = await joined();
  tab.send({ kind: "renamed" });
  await eventually(() => expect(notes.joins).toHaveLength(2));
  notes.accept();
  notes.push("document", { ...note, document: "d" });
  expect(tab.events.at(-1)).toEqual({ kind: "document", document: "d" });
  tab.send({ kind: "close", note });
  tab.send({ kind: "renamed" });
  await new Promise((passed) => setTimeout(passed));
  expect(notes.joins).toHaveLength(2);
});

/** A note as the server responds with it. */
const noteAt = (version: number) => ({ key: "plan", title: "Plan", body: "", created: "2026", version });

/** Returns how the tab shows the note. */
const readingOf = (tab: Tab) =>
  tab.received.findLast((message) => message.kind === "note" && message.state.reading !== undefined);

test.each([
  ["is gone", () => new Response(null, { status: 404 }), { state: { reading: { state: "deleted" } } }],
  ["was restored meanwhile", () => Response.json(noteAt(3)), { state: { reading: { note: { version: 3 } } } }],
  ["cannot be read", () => Response.error(), { state: { reading: { state: "deleted" } } }],
])("a deletion of a note that %s is checked with the server", async (_, respond, expected) => {
  const tab = await joined();
  notes.push("noteupdated", { board: "b", note: noteAt(1) });
  expect(readingOf(tab)).toMatchObject({ state: { reading: { state: "shown", note: { version: 1 } } } });
  vi.stubGlobal("fetch", async () => respond());
  notes.push("notedestroyed", note);
  await eventually(() => expect(readingOf(tab)).toMatchObject(expected));
});

test("a comment whose push comes after that of its deletion is neither shown nor announced", async () => {
  const tab = await joined();
  const push = (id: string) =>
    notes.push("newmessage", {
      board: "b",
      message: { id, key: "plan", author: "ada", message: "Hello", created: "2026" },
    });
  notes.push("destroymessage", { ...note, id: "1" });
  push("1");
  push("2");
  const states = tab.received.flatMap((message) => (message.kind === "note" ? [message.state] : []));
  const shown = states.flatMap(({ comments }) => comments?.shown.map(({ id }) => id) ?? []);
  const announced = states.filter(({ news }) => news?.kind === "commented");
  expect([new Set(shown), announced.length]).toEqual([new Set(["2"]), 1]);
});

test("a tab that opens the note later learns that there is a document to read", async () => {
  await joined();
  const later = new Tab();
  later.send({ kind: "document", note });
  expect(later.events).toEqual([{ kind: "document", document: "d" }]);
});

test("an edit is acknowledged once the server has stored it, and never goes into another document", async () => {
  const tab = await joined();
  const edit = (id: number, document: string) =>
    tab.send({ kind: "request", id, note, action: { kind: "edit", document, update: bytes(3), cursor: undefined } });
  const responses = () => tab.received.filter(({ kind }) => kind === "response");
  edit(1, "d");
  await eventually(() => expect(notes.pending.map(({ event }) => event)).toEqual(["edit"]));
  expect(responses()).toEqual([]);
  notes.ack();
  await eventually(() => expect(responses()).toEqual([{ kind: "response", id: 1 }]));
  edit(2, "other");
  await eventually(() => expect(responses().at(-1)).toMatchObject({ id: 2, problem: { unreached: true } }));
  expect(notes.pending).toEqual([]);
});

test("without the connection, there is no document to send edits to", async () => {
  const tab = await joined();
  const documents = () =>
    tab.received.flatMap((message) =>
      message.kind === "note" && "document" in message.state ? [message.state.document] : [],
    );
  expect(documents().at(-1)).toBe("d");
  notes.lose();
  expect(documents().at(-1)).toBeUndefined();
});

test("the page joins with the state of the cached document, unless that is too long", async () => {
  const states = await import("../documents/states.ts");
  const cached = { document: "d", state: bytes(0, 0), vector: bytes(7) };
  await states.write("ada", note, () => cached);
  await joined();
  expect(notes.joins).toEqual([{ ...note, document: "d", vector: toBase64(bytes(7)) }]);

  await states.write("ada", note, () => ({ ...cached, vector: new Uint8Array(20_000) }));
  notes.lose();
  await eventually(() => {
    notes.connect();
    expect(notes.joins.at(-1)).toEqual(note);
  });
});
