// The live part of the browser: the connections, and what came over them, for all pages that are open.

import { effect } from "@preact/signals-core";
import * as kept from "../kept/kept.ts";
import { onSessionEnd } from "../server/api.ts";
import { Problem } from "../server/problem.ts";
import { Home } from "./home.ts";
import { LiveNote } from "./live-note.ts";
import { connect, Namespace } from "./namespace.ts";
import type { FromLive, FromPage, NoteState } from "./protocol.ts";
import { onWake } from "./wake.ts";

/** A page, as the hub sees it. */
interface Page {
  port: MessagePort;
  entered: boolean;
  /** The keys of the notes that it has open. */
  notes: Set<string>;
}

/** A note that some page has open. */
interface Open {
  live: LiveNote;
  line: Line;
  /** Ends the telling of pages. */
  untell: () => void;
}

/** What carries a live note: a connection's namespace /notes, which is for one note at a time. */
interface Line {
  notes: Namespace;
  taken: boolean;
}

export class Hub {
  readonly #pages = new Set<Page>();
  readonly #connection = connect();
  readonly #home = new Home(this.#connection, () => this.#ended());
  /** The first shares the list's connection; another is there only while pages have different notes open. */
  readonly #lines: Line[] = [{ notes: new Namespace(this.#connection, "/notes"), taken: false }];
  readonly #open = new Map<string, Open>();
  #username: string | undefined;

  constructor() {
    effect(() => this.#tell({ kind: "connection", connection: this.#home.connection.value }));
    effect(() => {
      const titles = this.#home.titles.value;
      this.#tell({ kind: "titles", titles });
      if (titles !== undefined) void kept.keepTitles(titles);
    });
    onSessionEnd(() => this.#ended());
    onWake(() => this.#renew());
    void kept.tidy();
  }

  /** Serves a page, over `port`, until `gone`. */
  serve(port: MessagePort, gone: Promise<unknown>): void {
    const page: Page = { port, entered: false, notes: new Set() };
    this.#pages.add(page);
    port.onmessage = ({ data }: MessageEvent<FromPage>) => this.#hear(page, data);
    void gone.then(() => {
      this.#pages.delete(page);
      for (const key of page.notes) this.#closeFor(page, key);
      if (page.entered) this.#left();
    });
  }

  #hear(page: Page, message: FromPage): void {
    switch (message.kind) {
      case "enter":
        return this.#enter(page, message.username, message.anew);
      case "leave":
        page.entered = false;
        return this.#left();
      case "open":
        page.notes.add(message.key);
        return this.#openFor(page, message.key);
      case "close":
        return this.#closeFor(page, message.key);
      case "look":
        return this.#open.get(message.key)?.live.look();
      case "ask":
        return this.#ask(page, message);
    }
  }

  #enter(page: Page, username: string, anew: boolean): void {
    page.entered = true;
    if (anew || this.#username !== username) {
      // Another session, and perhaps another person's: nothing that came by the old one is shown to them.
      this.#suspend();
      this.#home.leave();
      const others = [...this.#pages].filter((other) => other !== page);
      for (const { port } of others) post(port, { kind: "entered", username });
      this.#username = username;
      this.#home.join();
      void kept.titles().then((titles) => titles && this.#username === username && this.#home.show(titles));
      for (const { live } of this.#open.values()) {
        live.close();
        live.open();
      }
    }
    post(page.port, { kind: "connection", connection: this.#home.connection.peek() });
    post(page.port, { kind: "titles", titles: this.#home.titles.peek() });
  }

  /** Nobody stays connected whom no page shows as signed in. */
  #left(): void {
    if ([...this.#pages].some((page) => page.entered)) return;
    this.#username = undefined;
    this.#suspend();
    this.#home.leave();
  }

  #ended(): void {
    this.#username = undefined;
    this.#suspend();
    this.#home.leave();
    for (const page of this.#pages) {
      if (!page.entered) continue;
      page.entered = false;
      post(page.port, { kind: "ended" });
    }
  }

  #openFor(page: Page, key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return this.#begin(key);
    const { reading, comments, presence, news } = open.live;
    const state = {
      reading: reading.peek(),
      comments: comments.peek(),
      presence: presence.peek(),
      news: news.peek(),
    };
    post(page.port, { kind: "note", key, state });
  }

  #begin(key: string): void {
    let line = this.#lines.find(({ taken }) => !taken);
    if (line === undefined) {
      line = { notes: new Namespace(connect(), "/notes"), taken: true };
      this.#lines.push(line);
    }
    line.taken = true;
    const live = new LiveNote(key, line.notes);
    const tell = (state: Partial<NoteState>) => {
      for (const page of this.#pages) if (page.notes.has(key)) post(page.port, { kind: "note", key, state });
    };
    const untell = [
      effect(() => tell({ reading: live.reading.value })),
      effect(() => tell({ comments: live.comments.value })),
      effect(() => tell({ presence: live.presence.value })),
      effect(() => tell({ news: live.news.value })),
    ];
    this.#open.set(key, { live, line, untell: () => untell.forEach((end) => void end()) });
    live.open();
  }

  #closeFor(page: Page, key: string): void {
    page.notes.delete(key);
    const open = this.#open.get(key);
    if (open === undefined || [...this.#pages].some((page) => page.notes.has(key))) return;
    this.#open.delete(key);
    open.untell();
    open.live.close();
    open.line.taken = false;
  }

  #ask({ port }: Page, { id, key, wish }: FromPage & { kind: "ask" }): void {
    const live = this.#open.get(key)?.live;
    const done = live === undefined ? Promise.reject(Problem.unreachable()) : live.fulfil(wish);
    done.then(
      () => post(port, { kind: "answer", id }),
      (error: Error) => post(port, { kind: "answer", id, problem: Problem.from(error).plain() }),
    );
  }

  #tell(message: FromLive): void {
    for (const page of this.#pages) if (page.entered) post(page.port, message);
  }

  /** Connects anew, all of it: what was pushed while nobody listened is sent again on joining. */
  #renew(): void {
    this.#suspend();
    for (const namespace of this.#namespaces) namespace.resume();
  }

  /** Closes all connections, whatever is under way on them. */
  #suspend(): void {
    for (const namespace of this.#namespaces) namespace.suspend();
  }

  get #namespaces(): Namespace[] {
    return [this.#home.namespace, ...this.#lines.map(({ notes }) => notes)];
  }
}

function post(port: MessagePort, message: FromLive): void {
  port.postMessage(message);
}
