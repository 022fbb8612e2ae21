// The comment that somebody is writing on a note.

import { type NoteId, nameOf } from "../note.ts";
import { Kept, type Place } from "./drafts.ts";

const drafts = new Map<string, CommentDraft>();

interface Begun {
  text: string;
  id?: string;
}

export class CommentDraft {
  text = "";
  readonly place: Place;
  /** What the text was sent with, if it was. */
  #id: string | undefined;
  /** An earlier version kept the text alone. */
  readonly #kept: Kept<Begun | string>;

  private constructor(author: string, note: NoteId) {
    this.place = [author, "comment", nameOf(note)];
    this.#kept = new Kept(this.place);
  }

  /** What was begun, here or before. */
  static async of(author: string, note: NoteId): Promise<CommentDraft> {
    const name = `${author}/${nameOf(note)}`;
    let draft = drafts.get(name);
    if (draft === undefined) {
      draft = new CommentDraft(author, note);
      const kept = await draft.#kept.read();
      const begun = typeof kept === "string" ? { text: kept } : kept;
      draft.text = begun?.text ?? "";
      draft.#id = begun?.id;
      drafts.set(name, draft);
    }
    return draft;
  }

  release(): void {
    this.#kept.release();
  }

  keep(text: string): void {
    this.text = text;
    this.#id = undefined;
    if (text === "") this.#kept.drop();
    else this.#kept.keep({ text });
  }

  /**
   * The id to send the text with. It stays the same until the text changes, so that the server knows a repeat: where no
   * acknowledgement came, nobody knows whether the comment was written.
   */
  id(make: () => string): string {
    if (this.#id === undefined) {
      this.#id = make();
      this.#kept.keep({ text: this.text, id: this.#id });
    }
    return this.#id;
  }

  /** Sends it with another id next time: the server says that it took no comment with this one. */
  renewId(): void {
    this.#id = undefined;
  }
}

/** Where the comments are that were begun in this page. */
export function begunComments(): Place[] {
  return [...drafts.values()].filter(({ text }) => text.trim() !== "").map(({ place }) => place);
}

export function dropComments(isDropped: (place: Place) => boolean): void {
  for (const draft of drafts.values()) if (isDropped(draft.place)) draft.keep("");
}

/** Forgets what was begun in this page. What is kept in the browser stays, for its author to find. */
export function forgetComments(): void {
  for (const draft of drafts.values()) draft.release();
  drafts.clear();
}
