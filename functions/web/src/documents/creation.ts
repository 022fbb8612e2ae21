// Creates the note of an open document, once something was typed.

import type { Signal } from "@preact/signals";
import type { Note, NoteId } from "../note.ts";
import { create, forgetNew } from "./create.ts";
import { forgetBlank } from "./new-note.ts";
import { change, documentOf, isNew, type UnsentNote, unsentIn } from "./unsent.ts";

interface Listener {
  /** Returns the title to create the note with, if one was typed. */
  title(): string | undefined;
  /** Returns whether there are edits that the server has not acknowledged. */
  hasUnsent(): boolean;
  /** Called when the note exists. */
  created(note: Note, document: string): void;
}

export class Creation {
  readonly #user: string;
  readonly #note: NoteId;
  /** The id of the document, "" until the note exists. */
  readonly #document: Signal<string | undefined>;
  readonly #listener: Listener;
  #creating: Promise<void> | undefined;
  #wasNew = false;

  constructor(user: string, note: NoteId, document: Signal<string | undefined>, listener: Listener) {
    this.#user = user;
    this.#note = note;
    this.#document = document;
    this.#listener = listener;
  }

  /** Whether the note did not exist yet when something of it was typed that may be unsent. */
  get wasNew(): boolean {
    return this.#wasNew;
  }

  recall(unsent: UnsentNote): void {
    this.#wasNew = isNew(unsent);
  }

  /** Called when something was typed. A new note exists in this browser from then on. */
  begin(): void {
    if (this.#wasNew || this.#document.peek() !== "") return;
    this.#wasNew = true;
    forgetBlank(this.#note);
    void change(this.#user, this.#note, () => ({ isNew: true }));
  }

  /** Creates the note, unless it exists. Returns the id of its document. */
  async finish(): Promise<string> {
    if (this.#document.peek() === "") {
      this.#creating ??= this.#create().finally(() => (this.#creating = undefined));
      await this.#creating;
    }
    return this.#document.peek() ?? "";
  }

  /** Forgets that the note was new, once no edit is left of the time before it existed. */
  async forget(): Promise<void> {
    if (!this.#wasNew || this.#listener.hasUnsent()) return;
    const { edits } = await unsentIn(this.#user, this.#note);
    if (edits.every((edit) => documentOf(edit) !== "")) await forgetNew(this.#user, this.#note);
  }

  async #create(): Promise<void> {
    const { note, document } = await create(this.#user, this.#note, this.#listener.title());
    this.#listener.created(note, document);
  }
}
