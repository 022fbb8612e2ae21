// A live note: its state, while some tab has it open, from the namespace /notes and over HTTP.

import { signal } from "@preact/signals-core";
import * as cache from "../cache/cache.ts";
import type { State } from "../documents/states.ts";
import type { Comment, Note, NoteId } from "../note.ts";
import * as api from "../server/api.ts";
import { fromBase64, toBase64 } from "../server/base64.ts";
import { Problem } from "../server/problem.ts";
import { wellFormed } from "../well-formed.ts";
import { added, extended, joined, noComments, polled, removed, renewed } from "./comments.ts";
import type { Member, Namespace } from "./namespace.ts";
import type { News } from "./news.ts";
import { Polling } from "./polling.ts";
import { later, nobody, type Presence } from "./presence.ts";
import type { DocumentEvent, NoteAction, Sender } from "./protocol.ts";
import { end, fail, isNews, type PushedNote, type Reading, recall, show } from "./reading.ts";

/** How long an action waits for the note to be joined. */
const JOIN_TIMEOUT_MS = 5_000;

/** How long an action waits for its acknowledgement. */
const ACK_TIMEOUT_MS = 10_000;

/** Maximum length of what a request to join says of the cached document. */
const MAX_VECTOR_LENGTH = 16_384;

/** The event `edit`, besides its note. */
interface EditPayload {
  document: string;
  update: string;
  from?: Sender;
  cursor?: string;
}

/** The acknowledgement of an event. */
interface Acknowledgement {
  comment?: Comment;
  /** The error of each field, worded to follow the name of the field. */
  errors?: Record<string, string>;
  error?: { code: string; message: string };
}

/** A note from `open` to `close`. A namespace carries one note at a time. */
export class LiveNote {
  readonly id: NoteId;
  readonly reading = signal<Reading>({ state: "opening" });
  readonly comments = signal(noComments);
  readonly presence = signal(nobody);
  readonly news = signal<News | undefined>(undefined);
  /** The document of the note, once the server has named it to this member. */
  readonly document = signal<string | undefined>(undefined);
  readonly #notes: Namespace;
  readonly #cachedDocument: () => Promise<Pick<State, "document" | "vector"> | undefined>;
  readonly #publish: (event: DocumentEvent) => void;
  /** The document that was cached before the last request to join. The server sends what it lacks. */
  #cached: Pick<State, "document" | "vector"> | undefined;
  readonly #polling = new Polling((signal) => this.#poll(signal));
  readonly #member: Member = {
    joined: () => {
      this.#polling.stop();
      this.comments.value = joined(this.comments.peek());
    },
    lost: () => {
      this.#lost();
      this.#polling.start();
      void this.#recallDocument();
    },
    failed: () => this.#polling.hurry(),
    refused: (code) => {
      // The namespace of the list notices the end of the session.
      if (code !== "unauthenticated") this.#verify();
    },
    received: (event, payload) => this.#listeners[event]?.(payload),
  };
  #reads = new AbortController();

  /** `cachedDocument` returns the document in the cache, and `publish` passes events of the document on to the tabs. */
  constructor(
    id: NoteId,
    notes: Namespace,
    cachedDocument: () => Promise<Pick<State, "document" | "vector"> | undefined>,
    publish: (event: DocumentEvent) => void,
  ) {
    this.id = id;
    this.#notes = notes;
    this.#cachedDocument = cachedDocument;
    this.#publish = publish;
  }

  open(): void {
    this.#enter();
  }

  close(): void {
    this.#leave();
  }

  /** Joins the room of the note once more. The server shows others the reader's name as it was on joining. */
  rejoin(): void {
    this.#lost();
    this.#joinWithDocument();
  }

  /** Reads again a note that did not exist, or whose current version could not be read. */
  reload(): void {
    const reading = this.reading.peek();
    if (reading.state === "none" || reading.state === "deleted") this.#enter();
    else if (reading.state === "failed" || (reading.state === "shown" && reading.doubt !== undefined))
      void this.#read();
  }

  /** Publishes the event `document` for a tab that was not there when it arrived. */
  publishDocument(): void {
    const document = this.document.peek();
    if (document !== undefined) this.#publish({ kind: "document", document });
  }

  /** Shows others a caret, or hides it. */
  showCursor(cursor: string | null): void {
    this.#notes.send("cursor", { cursor });
  }

  /** Performs an action of the user. Throws a Problem if it fails. */
  async perform(action: NoteAction): Promise<void> {
    switch (action.kind) {
      case "edit":
        // The note may be another one by now.
        if (action.document !== this.document.peek()) throw Problem.notLive();
        await this.#emit("edit", { update: toBase64(action.update), cursor: action.cursor });
        return;
      case "create-comment": {
        const { comment } = await this.#emit("create-message", { message: action.message, idempotencyKey: action.id });
        if (comment !== undefined) this.#add(comment);
        return;
      }
      case "delete-comment":
        await this.#emit("delete-message", { id: action.id });
        this.comments.value = removed(this.comments.peek(), action.id);
        return;
      case "read-older-comments": {
        const { cursor } = this.comments.peek();
        if (cursor === undefined) return;
        this.comments.value = extended(this.comments.peek(), cursor, await api.comments(this.id, cursor));
      }
    }
  }

  #enter(): void {
    this.#reads = new AbortController();
    this.comments.value = noComments;
    this.#lost();
    this.#polling.start();
    this.#showCached();
    void this.#read();
    this.#joinWithDocument();
  }

  #joinWithDocument(): void {
    const { signal } = this.#reads;
    void this.#recallDocument().then(() => {
      if (!signal.aborted) this.#join();
    });
  }

  #join(): void {
    this.#notes.enter(() => ({ ...this.id, ...this.#vector() }), this.#member);
  }

  #leave(): void {
    this.#reads.abort();
    this.#polling.stop();
    this.#notes.leave();
    this.#lost();
  }

  #lost(): void {
    this.presence.value = nobody;
    this.document.value = undefined;
  }

  async #recallDocument(): Promise<void> {
    this.#cached = await this.#cachedDocument();
  }

  /** Returns what a request to join says of the cached document. */
  #vector(): { document: string; vector: string } | undefined {
    if (this.#cached === undefined) return undefined;
    const { document } = this.#cached;
    const vector = toBase64(this.#cached.vector);
    return vector.length > MAX_VECTOR_LENGTH ? undefined : { document, vector };
  }

  /** Shows the cached note until the current one is read. */
  #showCached(): void {
    const { signal } = this.#reads;
    void cache.note(this.id).then((note) => {
      if (note !== undefined && !signal.aborted) this.reading.value = recall(this.reading.peek(), note);
    });
  }

  /**
   * Reads the note over HTTP: when it is opened, and when a push had no room for the text. Returns whether the server
   * responded.
   */
  async #read(awaited?: PushedNote): Promise<boolean> {
    const { signal } = this.#reads;
    const before = this.reading.peek();
    try {
      const note = await api.read(this.id, signal);
      if (signal.aborted) return true;
      if (note !== undefined) this.#show(note);
      else {
        // A note that arrived after the request is newer than the response, unless it came from the cache.
        const reading = this.reading.peek();
        if (reading === before || reading.state !== "shown" || reading.doubt !== undefined) this.#end();
      }
      return true;
    } catch (error) {
      if (!signal.aborted) this.reading.value = fail(this.reading.peek(), (error as Error).message, awaited);
      return false;
    }
  }

  /** Reads the note and its newest comments. */
  async #poll(signal: AbortSignal): Promise<void> {
    if (!(await this.#read())) throw Problem.unreachable();
    if (signal.aborted) return;
    const page = await api.comments(this.id, undefined, signal);
    if (signal.aborted) return;
    this.comments.value = polled(this.comments.peek(), page);
    this.#publish({ kind: "document" });
  }

  /** Checks over HTTP whether the note exists, after the server refused to join it. */
  #verify(): void {
    const { signal } = this.#reads;
    api.read(this.id, signal).then(
      (note) => {
        if (signal.aborted) return;
        if (note === undefined) return this.#end();
        this.#show(note);
        this.#join();
      },
      (error: Error) => {
        if (!signal.aborted) this.reading.value = fail(this.reading.peek(), error.message);
      },
    );
  }

  /** Shows a note if it is newer than the shown one. */
  #show(note: Note): void {
    const before = this.reading.peek();
    this.reading.value = show(before, note);
    if (before === this.reading.peek()) return;
    void cache.putNote(this.id, note);
    if (before.state !== "shown" || !isNews(before, note)) return;
    const isAnother = before.note.created !== note.created;
    const { editor, importer } = note;
    this.news.value =
      isAnother && importer !== undefined ? { kind: "imported", by: importer } : { kind: "changed", by: editor };
    // Another note under the same key has other comments and readers, so its room is joined again.
    if (isAnother) {
      this.#leave();
      this.#enter();
    }
  }

  #end(): void {
    this.#leave();
    this.reading.value = end(this.reading.peek());
    void cache.deleteNote(this.id);
  }

  #isThis({ board, key }: NoteId): boolean {
    return board === this.id.board && key === this.id.key;
  }

  #add(comment: Comment): void {
    this.comments.value = added(this.comments.peek(), comment);
  }

  async #emit(event: string, payload: unknown): Promise<Acknowledgement> {
    // A note is shown before it is joined.
    const { signal } = this.#reads;
    await this.#notes.whenJoined(JOIN_TIMEOUT_MS);
    // Without a connection, the client would send the event later, perhaps for another note.
    if (signal.aborted || !this.#notes.isJoined) throw Problem.notLive();
    let acknowledgement: Acknowledgement;
    try {
      acknowledgement = (await this.#notes.ask(event, wellFormed(payload), ACK_TIMEOUT_MS)) as Acknowledgement;
    } catch {
      throw Problem.unreachable();
    }
    const { errors, error } = acknowledgement;
    if (errors) throw Problem.ofFields(errors);
    if (error) throw new Problem(0, error.message, {}, undefined, false, error.code);
    return acknowledgement;
  }

  /** Handlers of pushed events. Events of a note that was closed may still arrive, so each checks the board and the key. */
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own payload
  readonly #listeners: Record<string, (payload: any) => void> = {
    noteupdated: ({ board, note }: { board: string; note: PushedNote }) => {
      const reading = this.reading.peek();
      if (
        !this.#isThis({ board, key: note.key }) ||
        !(isNews(reading, note) || (reading.state === "shown" && reading.doubt))
      )
        return;
      // After its deletion, a push of an older version may be late, so the server is asked.
      if (note.body === undefined || reading.state === "deleted") void this.#read(note);
      else this.#show({ ...note, body: note.body });
    },
    notedestroyed: (id: NoteId) => {
      // The note may have been restored since, or another one created under its key, so the server is asked.
      if (this.#isThis(id)) void this.#read().then((responded) => responded || this.#end());
    },
    document: ({ board, key, document, update }: NoteId & { document: string; update?: string }) => {
      if (!this.#isThis({ board, key })) return;
      this.document.value = document;
      const vector = this.#cached?.document === document && this.#vector() ? this.#cached.vector : undefined;
      const bytes = decoded(update);
      this.#publish({ kind: "document", document, ...(vector && { vector }), ...(bytes && { update: bytes }) });
    },
    edit: ({ board, key, document, update, from, cursor }: NoteId & EditPayload) => {
      const bytes = decoded(update);
      if (!this.#isThis({ board, key }) || bytes === undefined) return;
      const rest = { ...(from && { from }), ...(cursor !== undefined && { cursor }) };
      this.#publish({ kind: "edit", document, update: bytes, ...rest });
    },
    cursor: ({ board, key, from, cursor }: NoteId & { from: Sender; cursor?: string }) => {
      if (this.#isThis({ board, key })) this.#publish({ kind: "cursor", from, cursor: cursor ?? null });
    },
    presence: ({ board, key, ...presence }: Presence & NoteId) => {
      if (this.#isThis({ board, key })) this.presence.value = later(this.presence.peek(), presence);
    },
    messages: ({ board, key, messages, cursor }: NoteId & { messages: Comment[]; cursor?: string }) => {
      if (this.#isThis({ board, key })) this.comments.value = renewed(this.comments.peek(), messages, cursor);
    },
    newmessage: ({ board, message }: { board: string; message: Comment }) => {
      if (!this.#isThis({ board, key: message.key })) return;
      // A push may come after that of the deletion.
      if (this.comments.peek().destroyed.has(message.id)) return;
      this.#add(message);
      this.news.value = { kind: "commented", by: message.author, message: message.message, importer: message.importer };
    },
    destroymessage: ({ board, key, id }: NoteId & { id: string }) => {
      if (!this.#isThis({ board, key })) return;
      const gone = this.comments.peek().shown.find((comment) => comment.id === id);
      this.comments.value = removed(this.comments.peek(), id);
      if (gone) this.news.value = { kind: "comment-deleted", by: gone.author };
    },
  };
}

/** Decodes base64. Returns nothing, and logs the error, if it is not valid. */
function decoded(update: string | undefined): Uint8Array | undefined {
  if (update === undefined) return undefined;
  try {
    return fromBase64(update);
  } catch (error) {
    console.error(error);
    return undefined;
  }
}
