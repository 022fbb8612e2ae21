// The hub: the live connections of the browser, and their state, for all open tabs.

import { effect } from "@preact/signals-core";
import * as cache from "../cache/cache.ts";
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
  /** The keys of the notes that are open in the tab. */
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
  readonly #home = new Home(this.#connection, () => this.#ended());
  /** The first channel shares the connection of the list. The others exist because tabs had different notes open. */
  readonly #channels: Channel[] = [{ notes: new Namespace(this.#connection, "/notes"), inUse: false }];
  readonly #open = new Map<string, OpenNote>();
  #username: string | undefined;

  constructor() {
    effect(() => this.#broadcast({ kind: "connection", connection: this.#home.connection.value }));
    effect(() => {
      const titles = this.#home.titles.value;
      this.#broadcast({ kind: "titles", titles });
      if (titles !== undefined) void cache.putTitles(titles);
    });
    onSessionEnd(() => this.#ended());
    onWake(() => this.#renew());
    void cache.evict();
  }

  /** Serves a tab over `port`, until `closed` resolves. */
  serve(port: MessagePort, closed: Promise<unknown>): void {
    const tab: Tab = { port, entered: false, notes: new Set() };
    this.#tabs.add(tab);
    port.onmessage = ({ data }: MessageEvent<FromTab>) => this.#receive(tab, data);
    void closed.then(() => {
      this.#tabs.delete(tab);
      for (const key of tab.notes) this.#closeFor(tab, key);
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
      case "open":
        tab.notes.add(message.key);
        return this.#openFor(tab, message.key);
      case "close":
        return this.#closeFor(tab, message.key);
      case "reload":
        return this.#open.get(message.key)?.live.reload();
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
      this.#home.join();
      void cache.titles().then((titles) => titles && this.#username === username && this.#home.show(titles));
      for (const { live } of this.#open.values()) {
        live.close();
        live.open();
      }
    }
    post(tab.port, { kind: "connection", connection: this.#home.connection.peek() });
    post(tab.port, { kind: "titles", titles: this.#home.titles.peek() });
  }

  /** Disconnects once the user is signed in at no tab. */
  #left(): void {
    if ([...this.#tabs].some((tab) => tab.entered)) return;
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

  #openFor(tab: Tab, key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return this.#begin(key);
    const { reading, comments, presence, news } = open.live;
    const state = {
      reading: reading.peek(),
      comments: comments.peek(),
      presence: presence.peek(),
      news: news.peek(),
    };
    post(tab.port, { kind: "note", key, state });
  }

  #begin(key: string): void {
    let channel = this.#channels.find(({ inUse }) => !inUse);
    if (channel === undefined) {
      channel = { notes: new Namespace(connect(), "/notes"), inUse: true };
      this.#channels.push(channel);
    }
    channel.inUse = true;
    const live = new LiveNote(key, channel.notes);
    const publish = (state: Partial<NoteState>) => {
      for (const tab of this.#tabs) if (tab.notes.has(key)) post(tab.port, { kind: "note", key, state });
    };
    const effects = [
      effect(() => publish({ reading: live.reading.value })),
      effect(() => publish({ comments: live.comments.value })),
      effect(() => publish({ presence: live.presence.value })),
      effect(() => publish({ news: live.news.value })),
    ];
    this.#open.set(key, { live, channel, stop: () => effects.forEach((end) => void end()) });
    live.open();
  }

  #closeFor(tab: Tab, key: string): void {
    tab.notes.delete(key);
    const open = this.#open.get(key);
    if (open === undefined || [...this.#tabs].some((tab) => tab.notes.has(key))) return;
    this.#open.delete(key);
    open.stop();
    open.live.close();
    open.channel.inUse = false;
  }

  #request({ port }: Tab, { id, key, action }: FromTab & { kind: "request" }): void {
    const live = this.#open.get(key)?.live;
    const done = live === undefined ? Promise.reject(Problem.unreachable()) : live.perform(action);
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
