// The page's line to the live part of the browser: how things stand there, as signals, and what the page wants done.

import { batch, type Signal, signal } from "@preact/signals";
import { Problem } from "../server/problem.ts";
import { noComments } from "./comments.ts";
import type { Connection } from "./connection.ts";
import { nobody } from "./presence.ts";
import type { FromLive, FromPage, NoteState, Wish } from "./protocol.ts";
import type { TitleList } from "./titles.ts";

/** What a page says first: the name of a lock that it holds as long as it lives. */
export interface Greeting {
  page: string;
}

export const connection = signal<Connection>("connecting");

/** The newest titles, once a list has come. It outlives a lost connection; a session's end clears it. */
export const titles = signal<TitleList | undefined>(undefined);

/** What happens to the session elsewhere: it ends, or somebody signs in at another page. */
export interface SessionListener {
  ended(): void;
  entered(username: string): void;
}

let port: MessagePort | undefined;
let listener: SessionListener = { ended() {}, entered() {} };
const open = new Map<string, OpenNote>();
const asked = new Map<number, (problem: Problem | undefined) => void>();
let lastAsked = 0;

/** Connects the page with the live part: in the worker that all pages share, or else with one of the page's own. */
export async function connectTo(shared: (() => SharedWorker) | undefined, told: SessionListener): Promise<void> {
  listener = told;
  const worker = shared?.();
  if (worker === undefined) {
    const { Hub } = await import("./hub.ts");
    const own = new MessageChannel();
    new Hub().serve(own.port1, new Promise(() => {}));
    port = own.port2;
  } else {
    const page = `page-${crypto.randomUUID()}`;
    await new Promise<void>((held) => {
      void navigator.locks.request(page, () => {
        held();
        return new Promise(() => {});
      });
    });
    port = worker.port;
    port.postMessage({ page } satisfies Greeting);
  }
  port.onmessage = ({ data }: MessageEvent<FromLive>) => batch(() => hear(data));
}

export function enter(username: string, anew: boolean): void {
  say({ kind: "enter", username, anew });
}

export function leave(): void {
  say({ kind: "leave" });
  titles.value = undefined;
}

/** How long a note that was left stays open: who goes from reading it to editing it never leaves its room. */
const LINGER_MS = 300;

/** A note as this page shows it, while some place of the page has it open. */
export class OpenNote {
  readonly key: string;
  readonly reading: Signal<NoteState["reading"]> = signal({ state: "opening" });
  readonly comments = signal(noComments);
  readonly presence = signal(nobody);
  readonly news = signal("");
  /** In how many places of the page it is open. */
  #places = 0;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string) {
    this.key = key;
  }

  open(): void {
    this.#places += 1;
    if (this.#places > 1) return;
    if (this.#leaving !== undefined) {
      clearTimeout(this.#leaving);
      this.#leaving = undefined;
      return;
    }
    // A connection carries one note at a time: the one that was left makes room first.
    for (const other of open.values()) other.#leaveNow();
    open.set(this.key, this);
    say({ kind: "open", key: this.key });
  }

  close(): void {
    this.#places -= 1;
    if (this.#places === 0) this.#leaving = setTimeout(() => this.#leaveNow(), LINGER_MS);
  }

  #leaveNow(): void {
    if (this.#leaving === undefined) return;
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
    open.delete(this.key);
    say({ kind: "close", key: this.key });
  }

  look(): void {
    say({ kind: "look", key: this.key });
  }

  /** Throws a Problem where it was not done. */
  async ask(wish: Wish): Promise<void> {
    const id = ++lastAsked;
    const problem = await new Promise<Problem | undefined>((answered) => {
      asked.set(id, answered);
      say({ kind: "ask", id, key: this.key, wish });
    });
    if (problem !== undefined) throw problem;
  }
}

/** The note, open already or still to be opened. */
export function noteOf(key: string): OpenNote {
  return open.get(key) ?? new OpenNote(key);
}

function say(message: FromPage): void {
  port?.postMessage(message);
}

function hear(message: FromLive): void {
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
    case "answer":
      asked.get(message.id)?.(message.problem && Problem.fromPlain(message.problem));
      asked.delete(message.id);
      return;
    case "ended":
      return listener.ended();
    case "entered":
      return listener.entered(message.username);
  }
}
