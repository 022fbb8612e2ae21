// What is being written and not saved yet, kept while the page is open: a session that ends takes no text with it.

import type { Editing } from "./editing.ts";

/** Where the note that is still to be created keeps its draft. */
export const NEW = Symbol("new");

class Drafts {
  #edits = new Map<string | typeof NEW, Editing>();
  #comments = new Map<string, string>();
  #author: string | undefined;

  get(place: string | typeof NEW): Editing | undefined {
    return this.#edits.get(place);
  }

  keep(place: string | typeof NEW, editing: Editing): void {
    this.#edits.set(place, editing);
  }

  drop(place: string | typeof NEW): void {
    this.#edits.delete(place);
  }

  /** The comment that is being written on a note. */
  comment(key: string): string {
    return this.#comments.get(key) ?? "";
  }

  keepComment(key: string, message: string): void {
    if (message === "") this.#comments.delete(key);
    else this.#comments.set(key, message);
  }

  clear(): void {
    this.#edits.clear();
    this.#comments.clear();
  }

  /** Whoever signs in next must not find what another wrote. */
  keepOnlyOf(author: string): void {
    if (this.#author !== undefined && this.#author !== author) this.clear();
    this.#author = author;
  }

  get empty(): boolean {
    return this.#edits.size === 0 && this.#comments.size === 0;
  }
}

export const drafts = new Drafts();
