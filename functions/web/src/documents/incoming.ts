// Brings what the server has into an open document: over the live connection, or over HTTP.

import { signal } from "@preact/signals";
import { applyUpdate, type Doc } from "yjs";
import type { OpenNote } from "../live/channel.ts";
import { coalesce } from "../live/coalesce.ts";
import type { DocumentEvent, Sender } from "../live/protocol.ts";
import type { NoteId } from "../note.ts";
import { readDocument } from "../server/documents.ts";
import { Problem } from "../server/problem.ts";
import { isUpdate } from "./pieces.ts";
import type { State } from "./states.ts";
import type { Stored } from "./stored.ts";

/** The delay of the next attempt to read the document. */
const RETRY_MS = 10_000;

/** How long an edit may wait for another one that it depends on. Then the document is read. */
const GAP_MS = 5_000;

/** The origin of changes that were not made in this tab. */
export const ELSEWHERE = {};

interface Listener {
  /** Everything that the server had is in the document now. */
  synced(): void;
  /** An event of another reader has arrived, with the caret if the event has one. */
  seen(from: Sender, isEdit: boolean, cursor?: string | null): void;
}

export class Incoming {
  /** The id of the document, once it is known. "" if the note does not exist yet. */
  readonly document = signal<string | undefined>(undefined);
  /** Whether the key of the note belongs to another document. */
  readonly replaced = signal(false);
  /** The reason why the document could not be read. */
  readonly problem = signal<Problem | undefined>(undefined);
  readonly #note: NoteId;
  readonly #live: OpenNote;
  readonly #doc: Doc;
  readonly #stored: Stored;
  readonly #listener: Listener;
  readonly #closing = new AbortController();
  readonly #read = coalesce(() => this.#readNow());
  #unlisten: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: OpenNote, doc: Doc, stored: Stored, listener: Listener) {
    this.#note = live.id;
    this.#live = live;
    this.#doc = doc;
    this.#stored = stored;
    this.#listener = listener;
  }

  /** Begins with the cached document. */
  recall(cached: State): void {
    this.document.value = cached.document;
    this.#stored.recall(cached);
    this.apply(cached.state);
  }

  /** Receives events from now on. */
  listen(): void {
    this.#unlisten ??= this.#live.listen((event) => this.#on(event));
  }

  /** Applies an update that the server may lack. One that does not decode changes nothing. */
  apply(update: Uint8Array): void {
    this.#attempt(update, () => applyUpdate(this.#doc, update, ELSEWHERE));
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#unlisten?.();
  }

  #on(event: DocumentEvent): void {
    switch (event.kind) {
      case "document":
        return this.#onDocument(event);
      case "edit":
        if (event.document !== (this.document.peek() ?? event.document)) return;
        this.#receive(event.update);
        if (event.from !== undefined) this.#listener.seen(event.from, true, event.cursor);
        return this.#mindGap();
      case "cursor":
        return this.#listener.seen(event.from, false, event.cursor);
    }
  }

  #onDocument({ document, vector, update }: DocumentEvent & { kind: "document" }): void {
    const isEnough = vector === undefined || this.#stored.contains(vector);
    if (document !== undefined && !this.#isThis(document)) return;
    if (document !== undefined && update !== undefined && isEnough) this.#sync(document, update);
    else void this.#read();
  }

  /** Applies what the server has beyond this document. */
  #sync(document: string, update: Uint8Array): void {
    if (!this.#isThis(document)) return;
    this.problem.value = undefined;
    this.document.value = document;
    this.#receive(update);
    this.#listener.synced();
  }

  /** Returns whether the note still has this document. */
  #isThis(document: string): boolean {
    const known = this.document.peek();
    this.replaced.value = known !== undefined && known !== document;
    return !this.replaced.peek();
  }

  #receive(update: Uint8Array): void {
    this.#attempt(update, () => {
      this.#stored.add(update);
      applyUpdate(this.#doc, update, ELSEWHERE);
    });
    const document = this.document.peek();
    if (document !== undefined) void this.#stored.keep(document);
  }

  #attempt(update: Uint8Array, apply: () => void): void {
    try {
      if (isUpdate(update)) return apply();
      console.error("an update does not decode");
    } catch (error) {
      console.error(error);
    }
  }

  async #readNow(): Promise<void> {
    const { signal } = this.#closing;
    const vector = this.document.peek() === undefined ? undefined : this.#stored.vector;
    try {
      const { document, update } = await readDocument(this.#note, vector, signal);
      if (!signal.aborted) this.#sync(document, update);
    } catch (error) {
      if (signal.aborted) return;
      const problem = Problem.from(error as Error);
      this.problem.value = problem;
      if (problem.passing) this.#readIn(RETRY_MS);
    }
  }

  /** Reads the document if an edit does not arrive that others depend on. */
  #mindGap(): void {
    if (this.#stored.hasGap && this.document.peek() !== undefined) this.#readIn(GAP_MS);
  }

  #readIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.problem.peek() !== undefined || this.#stored.hasGap) void this.#read();
    }, ms);
  }
}
