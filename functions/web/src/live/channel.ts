// The tab's channel to the hub: the hub's state as signals, and requests to the hub.

import { batch, type Signal, signal } from "@preact/signals";
import { type NoteId, nameOf, type TitleList } from "../note.ts";
import { Problem } from "../server/problem.ts";
import type { BoardList } from "./board-list.ts";
import { noComments } from "./comments.ts";
import type { Connection } from "./connection.ts";
import { DocumentEvents } from "./document-events.ts";
import { nobody } from "./presence.ts";
import type { DocumentEvent, FromHub, FromTab, Greeting, NoteAction, NoteState } from "./protocol.ts";

export const connection = signal<Connection>("connecting");

/** The boards of the user, once a list has arrived. */
export const boardList = signal<BoardList | undefined>(undefined);

/** The board whose list this tab shows. */
export const openBoard = signal<string | undefined>(undefined);

/**
 * The newest titles of the open board, once a list has arrived. A lost connection keeps them, and the end of the session
 * clears them.
 */
export const titles = signal<TitleList | undefined>(undefined);

/** Called when the session ends elsewhere, or when a user signs in at another tab. */
export interface SessionListener {
  ended(): void;
  entered(username: string): void;
}

let port: MessagePort | undefined;
let listener: SessionListener = { ended() {}, entered() {} };
/** The notes of the views, by name. */
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
  boardList.value = undefined;
}

/** Called when the user has changed the display name. */
export function renamed(): void {
  send({ kind: "renamed" });
}

/** Shows the list of another board. */
export function showBoard(board: string | undefined): void {
  if (board === openBoard.peek()) return;
  openBoard.value = board;
  titles.value = undefined;
  send({ kind: "board", board });
}

/** Reads the boards again. Resolves once the list is here. Throws a Problem if that fails. */
export function readBoards(): Promise<void> {
  return requested((id) => ({ kind: "read-boards", id }));
}

/** How long a closed note stays open. So a user who goes from reading to editing never leaves its room. */
const LINGER_MS = 300;

/** A note that some view of this tab has open. */
export class OpenNote {
  readonly id: NoteId;
  readonly reading: Signal<NoteState["reading"]> = signal({ state: "opening" });
  readonly comments = signal(noComments);
  readonly presence = signal(nobody);
  readonly news = signal<NoteState["news"]>(undefined);
  readonly document = signal<string | undefined>(undefined);
  readonly #documents = new DocumentEvents();
  /** Number of views that have it open. */
  #views = 0;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(id: NoteId) {
    this.id = id;
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
    open.set(nameOf(this.id), this);
    send({ kind: "open", note: this.id });
  }

  close(): void {
    this.#views -= 1;
    if (this.#views === 0) this.#leaving = setTimeout(() => this.#leaveNow(), LINGER_MS);
  }

  #leaveNow(): void {
    if (this.#leaving === undefined) return;
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
    this.#documents.clear();
    open.delete(nameOf(this.id));
    send({ kind: "close", note: this.id });
  }

  /** Reads the note again. */
  reload(): void {
    send({ kind: "reload", note: this.id });
  }

  /** Listens to what happens to the document of the note. Returns a function that stops it. */
  listen(listener: (event: DocumentEvent) => void): () => void {
    if (!this.#documents.listen(listener)) send({ kind: "document", note: this.id });
    return () => this.#documents.listen(undefined);
  }

  receive(event: DocumentEvent): void {
    this.#documents.receive(event);
  }

  /** Shows others the caret of this tab, or hides it. */
  showCursor(cursor: string | null): void {
    send({ kind: "cursor", note: this.id, cursor });
  }

  /** Asks the hub to change the note. Throws a Problem if that fails. */
  request(action: NoteAction): Promise<void> {
    return requested((id) => ({ kind: "request", id, note: this.id, action }));
  }
}

/**
 * Returns the note if some view has it, or else a note to open. Views that are rendered together get the same one: the hub
 * sends its state to one note of a name, and a second one would close the note for the first.
 */
export function noteOf(id: NoteId): OpenNote {
  const note = open.get(nameOf(id)) ?? new OpenNote(id);
  open.set(nameOf(id), note);
  return note;
}

/** Sends a request. Resolves with its response, or throws the Problem in it. */
async function requested(message: (id: number) => FromTab): Promise<void> {
  const id = ++lastRequest;
  const problem = await new Promise<Problem | undefined>((resolve) => {
    pending.set(id, resolve);
    send(message(id));
  });
  if (problem !== undefined) throw problem;
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
      if (message.board === openBoard.peek()) titles.value = message.titles;
      return;
    case "boards":
      boardList.value = message.boards;
      return;
    case "note": {
      const note = open.get(nameOf(message.note));
      if (note === undefined) return;
      const { reading, comments, presence, news } = message.state;
      if (reading) note.reading.value = reading;
      if (comments) note.comments.value = comments;
      if (presence) note.presence.value = presence;
      if (news !== undefined) note.news.value = news;
      if ("document" in message.state) note.document.value = message.state.document;
      return;
    }
    case "document-event":
      return open.get(nameOf(message.note))?.receive(message.event);
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
