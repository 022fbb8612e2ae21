// The comments that somebody is writing, one for each note.

import { type NoteId, nameOf } from "../note.ts";
import { type DraftKey, StoredDraft } from "./draft-store.ts";

const drafts = new Map<string, CommentDraft>();

interface Begun {
  text: string;
  id?: string;
}

export class CommentDraft {
  text = "";
  readonly key: DraftKey;
  /** The id that the text was sent with, if it was. */
  #id: string | undefined;
  /** An earlier version stored the text alone. */
  readonly #stored: StoredDraft<Begun | string>;

  private constructor(author: string, note: NoteId) {
    this.key = [author, "comment", nameOf(note)];
    this.#stored = new StoredDraft(this.key);
  }

  /** Returns the draft of a note, from this visit or an earlier one. */
  static async of(author: string, note: NoteId): Promise<CommentDraft> {
    const name = `${author}/${nameOf(note)}`;
    let draft = drafts.get(name);
    if (draft === undefined) {
      draft = new CommentDraft(author, note);
      const stored = await draft.#stored.read();
      const begun = typeof stored === "string" ? { text: stored } : stored;
      draft.text = begun?.text ?? "";
      draft.#id = begun?.id;
      drafts.set(name, draft);
    }
    return draft;
  }

  /** Keeps a text, from its first character until it is empty. */
  keep(text: string): void {
    this.text = text;
    this.#id = undefined;
    if (text === "") this.#stored.remove();
    else this.#stored.put({ text });
  }

  /**
   * Returns the id to send the text with. It stays the same until the text changes, so that the server recognizes a repeat:
   * without an acknowledgement, nobody knows whether the comment was written.
   */
  id(make: () => string): string {
    if (this.#id === undefined) {
      this.#id = make();
      this.#stored.put({ text: this.text, id: this.#id });
    }
    return this.#id;
  }

  /** Sends the text with another id next time: the server took no comment with this one. */
  renewId(): void {
    this.#id = undefined;
  }
}

/** Returns the keys of the drafts of this tab that have a text. */
export function begunDrafts(): DraftKey[] {
  return [...drafts.values()].filter(({ text }) => text.trim() !== "").map(({ key }) => key);
}

/** Empties drafts, after the user agreed to delete them. */
export function dropDrafts(keys: readonly DraftKey[]): void {
  const dropped = new Set(keys.map(String));
  for (const draft of drafts.values()) if (dropped.has(String(draft.key))) draft.keep("");
}

/** Forgets the drafts of this tab. They stay in the database for their author. */
export function forgetDrafts(): void {
  drafts.clear();
}
