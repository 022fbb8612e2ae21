// The tab's channel to the hub: the hub's state as signals, and requests to the hub.

import { batch, type Signal, signal } from "@preact/signals";
import type { TitleList } from "../note.ts";
import { Problem } from "../server/problem.ts";
import { noComments } from "./comments.ts";
import type { Connection } from "./connection.ts";
import { nobody } from "./presence.ts";
import type { FromHub, FromTab, Greeting, NoteAction, NoteState } from "./protocol.ts";

export const connection = signal<Connection>("connecting");

/** The newest titles, once a list has arrived. A lost connection keeps them, and the end of the session clears them. */
export const titles = signal<TitleList | undefined>(undefined);

/** Called when the session ends elsewhere, or when a user signs in at another tab. */
export interface SessionListener {
  ended(): void;
  entered(username: string): void;
}

let port: MessagePort | undefined;
let listener: SessionListener = { ended() {}, entered() {} };
const open = new Map<string, OpenNote>();
const pending = new Map<number, (problem: Problem | undefined) => void>();
let lastRequest = 0;

/** Connects the tab to the hub: the one in the worker that all tabs share, or a hub of this tab if there is no such worker. */
export async function connectTo(
  shared: (() => SharedWorker) | undefined,
  sessionListener: SessionListener,
): Promise<void> {
  listener = sessionListener;
  const worker = shared?.();
  if (worker === undefined) {
    const { Hub } = await import("./hub.ts");
    const own = new MessageChannel();
    new Hub().serve(own.port1, new Promise(() => {}));
    port = own.port2;
  } else {
    const lock = `tab-${crypto.randomUUID()}`;
    await new Promise<void>((held) => {
      void navigator.locks.request(lock, () => {
        held();
        return new Promise(() => {});
      });
    });
    port = worker.port;
    port.postMessage({ lock } satisfies Greeting);
  }
  port.onmessage = ({ data }: MessageEvent<FromHub>) => batch(() => receive(data));
}

export function enter(username: string, newSession: boolean): void {
  send({ kind: "enter", username, newSession });
}

export function leave(): void {
  send({ kind: "leave" });
  titles.value = undefined;
}

/** How long a closed note stays open. So a user who goes from reading to editing never leaves its room. */
const LINGER_MS = 300;

/** A note that some view of this tab has open. */
export class OpenNote {
  readonly key: string;
  readonly reading: Signal<NoteState["reading"]> = signal({ state: "opening" });
  readonly comments = signal(noComments);
  readonly presence = signal(nobody);
  readonly news = signal<NoteState["news"]>(undefined);
  /** Number of views that have it open. */
  #views = 0;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string) {
    this.key = key;
  }

  open(): void {
    this.#views += 1;
    if (this.#views > 1) return;
    if (this.#leaving !== undefined) {
      clearTimeout(this.#leaving);
      this.#leaving = undefined;
      return;
    }
    // A connection carries one note at a time, so notes that linger are closed first.
    for (const other of open.values()) other.#leaveNow();
    open.set(this.key, this);
    send({ kind: "open", key: this.key });
  }

  close(): void {
    this.#views -= 1;
    if (this.#views === 0) this.#leaving = setTimeout(() => this.#leaveNow(), LINGER_MS);
  }

  #leaveNow(): void {
    if (this.#leaving === undefined) return;
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
    open.delete(this.key);
    send({ kind: "close", key: this.key });
  }

  /** Reads the note again. */
  reload(): void {
    send({ kind: "reload", key: this.key });
  }

  /** Asks the hub to change the note. Throws a Problem if that fails. */
  async request(action: NoteAction): Promise<void> {
    const id = ++lastRequest;
    const problem = await new Promise<Problem | undefined>((resolve) => {
      pending.set(id, resolve);
      send({ kind: "request", id, key: this.key, action });
    });
    if (problem !== undefined) throw problem;
  }
}

/** Returns the note if it is open, or else a note to open. */
export function noteOf(key: string): OpenNote {
  return open.get(key) ?? new OpenNote(key);
}

function send(message: FromTab): void {
  port?.postMessage(message);
}

function receive(message: FromHub): void {
  switch (message.kind) {
    case "connection":
      connection.value = message.connection;
      return;
    case "titles":
      titles.value = message.titles;
      return;
    case "note": {
      const note = open.get(message.key);
      if (note === undefined) return;
      const { reading, comments, presence, news } = message.state;
      if (reading) note.reading.value = reading;
      if (comments) note.comments.value = comments;
      if (presence) note.presence.value = presence;
      if (news !== undefined) note.news.value = news;
      return;
    }
    case "response":
      pending.get(message.id)?.(message.problem && Problem.fromPlain(message.problem));
      pending.delete(message.id);
      return;
    case "ended":
      return listener.ended();
    case "entered":
      return listener.entered(message.username);
  }
}
