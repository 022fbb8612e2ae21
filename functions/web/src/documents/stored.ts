// What the server is known to have of an open document. The cache has the same, so a visit without a connection begins with it.

import { applyUpdate, Doc, decodeStateVector, encodeStateAsUpdate, encodeStateVector, getState } from "yjs";
import type { NoteId } from "../note.ts";
import { author } from "./author.ts";
import * as states from "./states.ts";

/** How long to wait for other changes before the cache is written. */
const GATHER_MS = 2_000;

export class Stored {
  readonly #user: string;
  readonly #note: NoteId;
  /** Called with what another tab has stored. */
  readonly #found: (update: Uint8Array) => void;
  readonly #doc = new Doc();
  /** The cached state that is part of this document. */
  #cached: Uint8Array | undefined;
  #discarded = false;
  #gathering: { begin: () => void; done: Promise<void> } | undefined;

  constructor(user: string, note: NoteId, found: (update: Uint8Array) => void) {
    this.#user = user;
    this.#note = note;
    this.#found = found;
  }

  get vector(): Uint8Array {
    return encodeStateVector(this.#doc);
  }

  /** Whether updates are missing that others depend on. */
  get hasGap(): boolean {
    return this.#doc.store.pendingStructs !== null;
  }

  /** Returns whether this document has everything that a state vector has. */
  contains(vector: Uint8Array): boolean {
    return [...decodeStateVector(vector)].every(([client, clock]) => getState(this.#doc.store, client) >= clock);
  }

  add(update: Uint8Array): void {
    applyUpdate(this.#doc, update);
  }

  /** Returns what updates change in this document, without the characters that they insert and delete again. */
  shorten(updates: readonly Uint8Array[]): Uint8Array {
    const doc = new Doc();
    for (const update of [encodeStateAsUpdate(this.#doc), ...updates]) applyUpdate(doc, update);
    const shortened = encodeStateAsUpdate(doc, this.vector);
    doc.destroy();
    return shortened;
  }

  /** Begins with the cached state. */
  recall({ state }: states.State): void {
    this.add(state);
    this.#cached = state;
  }

  /** Writes the cache after a moment. Resolves once that is done. */
  keep(document: string): Promise<void> {
    if (this.#gathering === undefined) {
      let begin = () => {};
      const gathered = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GATHER_MS);
        begin = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const done = gathered.then(() => {
        this.#gathering = undefined;
        return this.#write(document);
      });
      this.#gathering = { begin, done };
    }
    return this.#gathering.done;
  }

  /** Writes the cache at once, unless it has the document already. Unsent edits mean nothing without what they change. */
  secure(document: string): void {
    if (this.#cached !== undefined || this.#discarded) return;
    void this.keep(document);
    this.keepNow();
  }

  /** Writes the cache now, if that is to be done. */
  keepNow(): void {
    this.#gathering?.begin();
  }

  /** Removes the document from the cache, for good. */
  async discard(): Promise<void> {
    this.#discarded = true;
    await states.remove(this.#user, this.#note);
  }

  close(): void {
    this.#doc.destroy();
  }

  async #write(document: string): Promise<void> {
    // Nothing is cached of a session that has ended.
    if (this.#discarded || author() !== this.#user) return;
    await states.write(this.#user, this.#note, (cached) => {
      if (cached?.document === document && !isSame(cached.state, this.#cached)) {
        this.add(cached.state);
        this.#found(cached.state);
      }
      this.#cached = encodeStateAsUpdate(this.#doc);
      return { document, state: this.#cached, vector: this.vector };
    });
  }
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return one.length === other?.length && one.every((byte, at) => byte === other[at]);
}
