// A note's text that is open in this tab, as the editor uses it.

import type { ReadonlySignal } from "@preact/signals";
import type { Awareness } from "y-protocols/awareness";
import type { Text } from "yjs";
import type { NoteId } from "../note.ts";
import type { Problem } from "../server/problem.ts";
import type { TitleError } from "./title.ts";

/** What the page says about saving. */
export type Saving =
  /** A new note without any text. */
  | "blank"
  | "saved"
  | "saving"
  /** It is kept in this browser until the server can be reached. */
  | "offline"
  /** The server refuses it. It is kept in this browser. */
  | "refused";

export interface OpenDocument {
  readonly note: NoteId;
  readonly text: Text;
  /** The carets of others: each state has `{user: {name, color, colorLight}, cursor}`. */
  readonly awareness: Awareness;
  /**
   * "opening" until there is something to show. Then the text may be edited, also offline. "missing": it is not on this
   * device, and cannot be read now. A missing text becomes ready as soon as it can be read.
   */
  readonly state: ReadonlySignal<"opening" | "ready" | "missing">;
  /** Whether the note exists on the server. A new note does once its first character was saved. */
  readonly exists: ReadonlySignal<boolean>;
  /**
   * Whether the key belongs to another document now: the note was deleted, and another one was created under its key. This
   * text is not saved any more. Opening the note again shows the other one, once this one's unsent edits are discarded.
   */
  readonly replaced: ReadonlySignal<boolean>;
  readonly saving: ReadonlySignal<Saving>;
  /** The reason of "refused". */
  readonly problem: ReadonlySignal<Problem | undefined>;
  /** The title to show in its field. Empty for a note that has none: its placeholder says "Untitled". */
  readonly title: ReadonlySignal<string>;
  /** Why the typed title is not sent. */
  readonly titleError: ReadonlySignal<TitleError | undefined>;
  /** Changes the title. It is saved a second after typing. */
  setTitle(title: string): void;
  /** Called when the field of the title gets or loses the focus. Its value is not replaced meanwhile. */
  holdTitle(held: boolean): void;
  /** The usernames of the people who are writing right now. */
  readonly writers: ReadonlySignal<readonly string[]>;
  /** Sends what is unsent now. Resolves once that is done, or has failed. */
  flush(): Promise<void>;
  /** Deletes the edits and the title that are unsent, after the user agreed, or kept the text as another note. */
  discard(): Promise<void>;
  close(): void;
}
