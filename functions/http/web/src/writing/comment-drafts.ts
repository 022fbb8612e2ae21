// The comment that somebody is writing on a note.

import { Kept, type Place } from "./drafts.ts";

const drafts = new Map<string, CommentDraft>();

export class CommentDraft {
  text = "";
  readonly place: Place;
  readonly #kept: Kept<string>;

  private constructor(author: string, key: string) {
    this.place = [author, "comment", key];
    this.#kept = new Kept(this.place);
  }

  /** What was begun, here or before. */
  static async of(author: string, key: string): Promise<CommentDraft> {
    const name = `${author}/${key}`;
    let draft = drafts.get(name);
    if (draft === undefined) {
      draft = new CommentDraft(author, key);
      draft.text = (await draft.#kept.read()) ?? "";
      drafts.set(name, draft);
    }
    return draft;
  }

  release(): void {
    this.#kept.release();
  }

  keep(text: string): void {
    this.text = text;
    if (text === "") this.#kept.drop();
    else this.#kept.keep(text);
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
