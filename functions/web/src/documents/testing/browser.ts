// Browsers for tests. Each has a database, and tabs that run the page's modules, from the hub to the open document.

import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import type { NoteId } from "../../note.ts";
import { clientIdsOf } from "../client-id.ts";
import type { OpenDocument } from "../open-document.ts";
import type { Client } from "./client.ts";
import type { FakeServer } from "./server.ts";
import { FakeConnection } from "./sockets.ts";

/** The turns until a condition counts as one that never holds. */
const MOST_TURNS = 2_000;

// The tests run in Node. The page must not see Node's types.
declare const setImmediate: (callback: (value?: unknown) => void) => void;

/** Lets everything happen that waits for no timer: transactions of databases, and messages between tabs and hubs. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((passed) => setImmediate(passed));
}

/** Lets time pass. The tests use fake timers. */
export async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    await settle();
    await vi.advanceTimersByTimeAsync(Math.min(250, ms - passed));
  }
  await settle();
}

/** Lets time pass until an assertion holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    await settle();
    if (await holds()) return;
    // Some work takes real time, such as a digest, and a busy machine may be slow.
    const start = performance.now();
    while (turn > 40 && performance.now() - start < 10) await settle();
    await vi.advanceTimersByTimeAsync(250);
  }
  throw new Error(`never: ${holds}`);
}

export class FakeBrowser implements Client {
  readonly board: string;
  readonly username: string;
  role: "editor" | "reader" = "editor";
  isOnline = true;
  hasSockets = true;
  isSignedIn = true;
  readonly server: FakeServer;
  readonly database = new IDBFactory();
  readonly #channels = new Set<FakeChannel>();
  readonly #connections = new Set<FakeConnection>();
  #hash = Number.NaN;

  constructor(server: FakeServer, username: string) {
    this.server = server;
    this.username = username;
    this.board = `${username}-${server.clients.size}`;
    server.clients.set(this.board, this);
  }

  owns(clientId: number): boolean {
    return Math.floor(clientId / 2 ** 25) === this.#hash;
  }

  /** Opens a tab, in which `username` is signed in. */
  async openTab(username = this.username): Promise<FakeTab> {
    this.#hash = Math.floor((await clientIdsOf(this.username))() / 2 ** 25);
    const connections: FakeConnection[] = [];
    const connect = () => {
      const connection = new FakeConnection(this.server, this);
      connections.push(connection);
      this.#connections.add(connection);
      return connection;
    };
    const channel = new FakeChannel(this.#channels);
    vi.resetModules();
    vi.stubGlobal("indexedDB", this.database);
    vi.stubGlobal("fetch", this.server.fetch);
    vi.stubGlobal("addEventListener", () => {});
    vi.stubGlobal("BroadcastChannel", function BroadcastChannel() {
      return channel;
    });
    vi.doMock("../../live/namespace.ts", async (original) => ({
      ...(await original<typeof import("../../live/namespace.ts")>()),
      connect,
    }));
    const modules = await importPage();
    const tab = new FakeTab(this, modules, () => {
      channel.close();
      for (const connection of connections) connection.end();
    });
    await modules.channel.connectTo(undefined, { ended: () => tab.end(), entered() {} });
    tab.enter(username);
    await settle();
    return tab;
  }

  goOffline(): void {
    this.isOnline = false;
    this.breakConnections();
  }

  /** Breaks the connections. They are opened again, if that is possible. */
  breakConnections(): void {
    for (const connection of this.#connections) connection.lose();
  }

  goOnline(): void {
    this.isOnline = true;
  }
}

async function importPage() {
  const [channel, open, newNote, unsaved, unsent, unsentNotes, states, author, cache] = await Promise.all([
    import("../../live/channel.ts"),
    import("../open.ts"),
    import("../new-note.ts"),
    import("../unsaved.ts"),
    import("../unsent.ts"),
    import("../unsent-notes.ts"),
    import("../states.ts"),
    import("../author.ts"),
    import("../../cache/cache.ts"),
    import("../../live/hub.ts"),
  ]);
  // The databases open with their first use, and must be this browser's.
  await Promise.all([
    unsentNotes.loadOutbox(),
    unsent.all(),
    states.evict(),
    unsaved.saveAll(),
    cache.user(),
    cache.evict(),
  ]);
  return { channel, ...open, ...newNote, unsaved, unsent, states, ...author, ...unsentNotes };
}

export class FakeTab {
  readonly page: Awaited<ReturnType<typeof importPage>>;
  readonly #browser: FakeBrowser;
  readonly #disconnect: () => void;
  #documents: OpenDocument[] = [];
  #username = "";

  constructor(browser: FakeBrowser, page: FakeTab["page"], disconnect: () => void) {
    this.#browser = browser;
    this.page = page;
    this.#disconnect = disconnect;
    page.unsaved.keepSending();
  }

  enter(username: string): void {
    this.#username = username;
    this.page.unsaved.begin(username);
    this.page.channel.enter(username, false);
  }

  /** Ends the session in this tab: its views are gone, and what is unsent stays. */
  end(): void {
    this.page.unsaved.end();
    this.page.channel.leave();
    this.close();
  }

  open(key: string): OpenDocument {
    const document = this.page.openDocument(this.idOf(key), this.#username);
    this.#documents.push(document);
    return document;
  }

  /** Opens a note, and waits until it can be edited. */
  async openReady(key: string): Promise<OpenDocument> {
    const document = this.open(key);
    await until(() => document.state.value === "ready");
    return document;
  }

  /** Begins a new note. */
  async begin(): Promise<OpenDocument> {
    return this.openReady(this.page.newNote(this.#browser.board).key);
  }

  close(): void {
    for (const document of this.#documents.splice(0)) document.close();
  }

  /** Ends the tab at once. What is in the database stays, and nothing more is sent. */
  async crash(): Promise<void> {
    await settle();
    this.page.setAuthor("");
    this.close();
    this.#disconnect();
  }

  idOf(key: string): NoteId {
    return { board: this.#browser.board, key };
  }
}

/** A channel between the tabs of a browser. */
class FakeChannel {
  readonly #others: Set<FakeChannel>;
  #listener: (event: { data: unknown }) => void = () => {};

  constructor(others: Set<FakeChannel>) {
    this.#others = others;
    others.add(this);
  }

  addEventListener(_: string, listener: (event: { data: unknown }) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#others.delete(this);
  }

  postMessage(data: unknown): void {
    for (const other of this.#others) {
      if (other !== this)
        queueMicrotask(() => this.#others.has(other) && other.#listener({ data: structuredClone(data) }));
    }
  }
}
