// The comment that somebody is writing on a note.

import { Kept } from "./drafts.ts";

const drafts = new Map<string, CommentDraft>();

export class CommentDraft {
  text = "";
  readonly #kept: Kept<string>;

  private constructor(author: string, key: string) {
    this.#kept = new Kept([author, "comment", key]);
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

  keep(text: string): void {
    this.text = text;
    if (text === "") this.#kept.drop();
    else this.#kept.keep(text);
  }
}

export function forgetComments(): void {
  drafts.clear();
}
