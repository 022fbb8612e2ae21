// The comments that were begun and not sent, in this browser: neither a crash nor a closed window nor the end of a session
// loses one.

import { createStore, del, delMany, get, keys, set } from "idb-keyval";

const store = typeof indexedDB === "undefined" ? undefined : createStore("notes-drafts", "drafts");

/** The key of a draft: its author, and the name of its note. */
export type DraftKey = [author: string, kind: "comment", note: string];

/** A draft in the database. It is written in the order of its changes, and of those that come meanwhile only the last. */
export class StoredDraft<Text> {
  readonly #key: DraftKey;
  #next: (() => Promise<void>) | undefined;
  #isWriting = false;

  constructor(key: DraftKey) {
    this.#key = key;
  }

  put(text: Text): void {
    if (store !== undefined) this.#write(() => set(this.#key, text, store));
  }

  remove(): void {
    if (store !== undefined) this.#write(() => del(this.#key, store));
  }

  async read(): Promise<Text | undefined> {
    return store && (await get<Text>(this.#key, store).catch(() => undefined));
  }

  #write(next: () => Promise<void>): void {
    this.#next = next;
    if (!this.#isWriting) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isWriting = true;
    while (this.#next !== undefined) {
      const write = this.#next;
      this.#next = undefined;
      // A browser that stores nothing still sends comments. Then a crash loses what was typed.
      await write().catch(() => {});
    }
    this.#isWriting = false;
  }
}

/** Returns the drafts of a user, from this tab or another, or from an earlier visit. */
export async function draftsOf(author: string): Promise<DraftKey[]> {
  if (store === undefined) return [];
  const all = await keys<DraftKey>(store).catch(() => []);
  return all.filter(([user, kind]) => user === author && kind === "comment");
}

export async function removeDrafts(drafts: readonly DraftKey[]): Promise<void> {
  if (store !== undefined) await delMany([...drafts], store).catch(() => {});
}
