// The hub: the live connections of the browser, and their state, for all open tabs.

import { effect } from "@preact/signals-core";
import * as cache from "../cache/cache.ts";
import * as states from "../documents/states.ts";
import { type NoteId, nameOf } from "../note.ts";
import { onSessionEnd } from "../server/api.ts";
import { Problem } from "../server/problem.ts";
import { Home } from "./home.ts";
import { LiveNote } from "./live-note.ts";
import { connect, Namespace } from "./namespace.ts";
import type { FromHub, FromTab, NoteState } from "./protocol.ts";
import { onWake } from "./wake.ts";

/** An open tab. */
interface Tab {
  port: MessagePort;
  /** Whether the user is signed in at the tab. */
  entered: boolean;
  /** The board whose list the tab shows. */
  board: string | undefined;
  /** The names of the notes that are open in the tab. */
  notes: Set<string>;
}

/** A note that is open in some tab. */
interface OpenNote {
  live: LiveNote;
  channel: Channel;
  /** Stops sending its state to tabs. */
  stop: () => void;
}

/** The namespace /notes of a connection. It carries one note at a time. */
interface Channel {
  notes: Namespace;
  inUse: boolean;
}

export class Hub {
  readonly #tabs = new Set<Tab>();
  readonly #connection = connect();
  readonly #home = new Home(this.#connection, {
    ended: () => this.#ended(),
    titles: (board, titles) => {
      for (const tab of this.#tabs)
        if (tab.entered && tab.board === board) post(tab.port, { kind: "titles", board, titles });
      if (titles !== undefined) void cache.putTitles(board, titles);
    },
  });
  /** The first channel shares the connection of the list. The others exist because tabs had different notes open. */
  readonly #channels: Channel[] = [{ notes: new Namespace(this.#connection, "/notes"), inUse: false }];
  readonly #open = new Map<string, OpenNote>();
  #username: string | undefined;

  constructor() {
    effect(() => this.#broadcast({ kind: "connection", connection: this.#home.connection.value }));
    effect(() => {
      const boards = this.#home.boards.value;
      this.#broadcast({ kind: "boards", boards });
      if (boards === undefined || boards.cached) return;
      void cache.putBoards(boards.boards);
      void states.retainBoards(boards.boards.map(({ id }) => id));
    });
    onSessionEnd(() => this.#ended());
    onWake(() => this.#renew());
    void cache.evict();
    void states.evict();
  }

  /** Serves a tab over `port`, until `closed` resolves. */
  serve(port: MessagePort, closed: Promise<unknown>): void {
    const tab: Tab = { port, entered: false, board: undefined, notes: new Set() };
    this.#tabs.add(tab);
    port.onmessage = ({ data }: MessageEvent<FromTab>) => this.#receive(tab, data);
    void closed.then(() => {
      this.#tabs.delete(tab);
      for (const name of tab.notes) this.#closeFor(tab, name);
      if (tab.entered) this.#left();
    });
  }

  #receive(tab: Tab, message: FromTab): void {
    switch (message.kind) {
      case "enter":
        return this.#enter(tab, message.username, message.newSession);
      case "leave":
        tab.entered = false;
        return this.#left();
      case "board":
        tab.board = message.board;
        this.#followBoards();
        return this.#postTitles(tab);
      case "renamed":
        for (const { live } of this.#open.values()) live.rejoin();
        return;
      case "read-boards":
        return this.#respond(tab, message.id, this.#home.readBoards());
      case "open":
        tab.notes.add(nameOf(message.note));
        return this.#openFor(tab, message.note);
      case "close":
        return this.#closeFor(tab, nameOf(message.note));
      case "reload":
        return this.#open.get(nameOf(message.note))?.live.reload();
      case "document":
        return this.#open.get(nameOf(message.note))?.live.publishDocument();
      case "cursor":
        return this.#open.get(nameOf(message.note))?.live.showCursor(message.cursor);
      case "request":
        return this.#request(tab, message);
    }
  }

  #enter(tab: Tab, username: string, newSession: boolean): void {
    tab.entered = true;
    if (newSession || this.#username !== username) {
      // The new session may be another user's, who must not see what the old one received.
      this.#suspend();
      this.#home.leave();
      const others = [...this.#tabs].filter((other) => other !== tab);
      for (const { port } of others) post(port, { kind: "entered", username });
      this.#username = username;
      this.#followBoards();
      this.#home.join();
      void cache.boards().then((boards) => boards && this.#username === username && this.#home.recall(boards));
      for (const { live } of this.#open.values()) {
        live.close();
        live.open();
      }
    }
    post(tab.port, { kind: "connection", connection: this.#home.connection.peek() });
    post(tab.port, { kind: "boards", boards: this.#home.boards.peek() });
    this.#followBoards();
    this.#postTitles(tab);
  }

  /** Opens the boards that tabs show, and closes the others. */
  #followBoards(): void {
    const shown = new Set(
      [...this.#tabs].flatMap(({ entered, board }) => (entered && board !== undefined ? [board] : [])),
    );
    const open = this.#home.openBoards;
    for (const board of shown) {
      if (open.includes(board)) continue;
      this.#home.open(board);
      const username = this.#username;
      void cache
        .titles(board)
        .then((titles) => titles && this.#username === username && this.#home.show(board, titles));
    }
    for (const board of open) if (!shown.has(board)) this.#home.close(board);
  }

  #postTitles({ port, entered, board }: Tab): void {
    if (entered && board !== undefined) post(port, { kind: "titles", board, titles: this.#home.titlesOf(board) });
  }

  /** Disconnects once the user is signed in at no tab. */
  #left(): void {
    if ([...this.#tabs].some((tab) => tab.entered)) return this.#followBoards();
    this.#username = undefined;
    this.#suspend();
    this.#home.leave();
  }

  #ended(): void {
    this.#username = undefined;
    this.#suspend();
    this.#home.leave();
    for (const tab of this.#tabs) {
      if (!tab.entered) continue;
      tab.entered = false;
      post(tab.port, { kind: "ended" });
    }
  }

  #openFor(tab: Tab, note: NoteId): void {
    const open = this.#open.get(nameOf(note));
    if (open === undefined) return this.#begin(note);
    const { reading, comments, presence, news, document } = open.live;
    const state = {
      reading: reading.peek(),
      comments: comments.peek(),
      presence: presence.peek(),
      news: news.peek(),
      document: document.peek(),
    };
    post(tab.port, { kind: "note", note, state });
  }

  #begin(note: NoteId): void {
    const name = nameOf(note);
    let channel = this.#channels.find(({ inUse }) => !inUse);
    if (channel === undefined) {
      channel = { notes: new Namespace(connect(), "/notes"), inUse: true };
      this.#channels.push(channel);
    }
    channel.inUse = true;
    const send = (message: FromHub) => {
      for (const tab of this.#tabs) if (tab.notes.has(name)) post(tab.port, message);
    };
    const publish = (state: Partial<NoteState>) => send({ kind: "note", note, state });
    const cached = async () => (this.#username === undefined ? undefined : states.read(this.#username, note));
    const live = new LiveNote(note, channel.notes, cached, (event) => send({ kind: "document-event", note, event }));
    const effects = [
      effect(() => publish({ reading: live.reading.value })),
      effect(() => publish({ comments: live.comments.value })),
      effect(() => publish({ presence: live.presence.value })),
      effect(() => publish({ news: live.news.value })),
      effect(() => publish({ document: live.document.value })),
    ];
    this.#open.set(name, { live, channel, stop: () => effects.forEach((end) => void end()) });
    live.open();
  }

  #closeFor(tab: Tab, name: string): void {
    tab.notes.delete(name);
    const open = this.#open.get(name);
    if (open === undefined || [...this.#tabs].some((tab) => tab.notes.has(name))) return;
    this.#open.delete(name);
    open.stop();
    open.live.close();
    open.channel.inUse = false;
  }

  #request(tab: Tab, { id, note, action }: FromTab & { kind: "request" }): void {
    const live = this.#open.get(nameOf(note))?.live;
    this.#respond(tab, id, live === undefined ? Promise.reject(Problem.unreachable()) : live.perform(action));
  }

  #respond({ port }: Tab, id: number, done: Promise<void>): void {
    done.then(
      () => post(port, { kind: "response", id }),
      (error: Error) => post(port, { kind: "response", id, problem: Problem.from(error).plain() }),
    );
  }

  #broadcast(message: FromHub): void {
    for (const tab of this.#tabs) if (tab.entered) post(tab.port, message);
  }

  /** Opens all connections again. Joining sends again what was pushed in the meantime. */
  #renew(): void {
    this.#suspend();
    for (const namespace of this.#namespaces) namespace.resume();
  }

  /** Closes all connections, even with requests in progress. */
  #suspend(): void {
    for (const namespace of this.#namespaces) namespace.suspend();
  }

  get #namespaces(): Namespace[] {
    return [this.#home.namespace, ...this.#channels.map(({ notes }) => notes)];
  }
}

function post(port: MessagePort, message: FromHub): void {
  port.postMessage(message);
}
