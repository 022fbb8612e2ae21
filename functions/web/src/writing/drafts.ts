// What is being written and not saved yet, kept in this browser: neither a crash nor a closed window nor a session that ends
// takes a text with it.

import { createStore, del, delMany, entries, get, keys, set } from "idb-keyval";
import { TEAM } from "../note.ts";
import type { Editing } from "./editing.ts";

const store = typeof indexedDB === "undefined" ? undefined : createStore("notes-drafts", "drafts");

/** Whose a draft is, and which: of an edit by its id, of a comment by its note's name. */
export type Place = [author: string, kind: "edit" | "comment", name: string];

/** Writes one value after the other, and of those that come meanwhile only the last. */
class Writer {
  #next: (() => Promise<void>) | undefined;
  #writing = false;

  write(next: () => Promise<void>): void {
    this.#next = next;
    if (!this.#writing) void this.#run();
  }

  async #run(): Promise<void> {
    this.#writing = true;
    while (this.#next !== undefined) {
      const write = this.#next;
      this.#next = undefined;
      // A browser that keeps nothing still saves: then only a crash takes what was typed within a second.
      await write().catch(() => {});
    }
    this.#writing = false;
  }
}

/** Keeps one text from its first letter until it is dropped. While its page lives no other offers it. */
export class Kept<Text> {
  readonly #place: Place;
  readonly #writer = new Writer();
  #release: (() => void) | undefined;
  #isKept = false;

  constructor(place: Place) {
    this.#place = place;
  }

  keep(text: Text): void {
    if (store === undefined) return;
    this.#isKept = true;
    this.#hold();
    this.#writer.write(() => set(this.#place, text, store));
  }

  drop(): void {
    if (store === undefined) return;
    this.#isKept = false;
    // Whoever waits for its lock finds it gone.
    this.#writer.write(async () => {
      await del(this.#place, store);
      if (!this.#isKept) this.release();
    });
  }

  /** Leaves the text to other pages. */
  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  read(): Promise<Text | undefined> {
    return store === undefined ? Promise.resolve(undefined) : get<Text>(this.#place, store).catch(() => undefined);
  }

  #hold(): void {
    if (this.#release !== undefined) return;
    this.#release = () => {};
    void navigator.locks.request(lock(this.#place), () => new Promise<void>((release) => (this.#release = release)));
  }
}

/** What `author` wrote and no page holds any more. */
export async function leftBehind(author: string): Promise<Editing[]> {
  if (store === undefined) return [];
  const all = await entries<Place, Editing>(store).catch(() => []);
  const held = new Set((await navigator.locks.query()).held?.map(({ name }) => name));
  return (
    all
      .filter(([place]) => place[0] === author && place[1] === "edit" && !held.has(lock(place)))
      // An earlier version of the page knew no boards.
      .map(([, editing]) => ({ ...editing, board: editing.board ?? TEAM }))
  );
}

/** Where everything is that `author` has not saved, in this page or another, or in one that is gone. */
export async function unsavedOf(author: string): Promise<Place[]> {
  if (store === undefined) return [];
  const all = await keys<Place>(store).catch(() => []);
  return all.filter(([whose]) => whose === author);
}

export async function dropAll(places: readonly Place[]): Promise<void> {
  if (store !== undefined) await delMany([...places], store).catch(() => {});
}

/** Waits until other pages have let go of drafts that they hold, but for no longer than `patience`, in milliseconds. */
export async function letGoBy(places: readonly Place[], patience: number): Promise<void> {
  if (store === undefined) return;
  const signal = AbortSignal.timeout(patience);
  await Promise.all(places.map((place) => navigator.locks.request(lock(place), { signal }, () => {}).catch(() => {})));
}

function lock(place: Place): string {
  return `draft-${place.join("/")}`;
}
