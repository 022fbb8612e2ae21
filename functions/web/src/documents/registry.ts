// The documents that are open in this tab. It is part of the page from the start, without Yjs.

import { type ReadonlySignal, signal } from "@preact/signals";
import { type NoteId, nameOf } from "../note.ts";
import type { OpenDocument } from "./open-document.ts";

/** What the rest of the page needs of an open document. */
export interface Registered {
  readonly note: NoteId;
  readonly user: string;
  readonly state: OpenDocument["state"];
  readonly title: ReadonlySignal<string>;
  /** Whether something is unsent. */
  readonly isWaiting: ReadonlySignal<boolean>;
  /** Whether something was typed a moment ago. */
  readonly isBusy: boolean;
  flush(): Promise<void>;
  /** Forgets what is unsent, after it was deleted. */
  forget(): void;
}

const open = signal<readonly Registered[]>([]);

/** The documents that are open in this tab. */
export const documents: ReadonlySignal<readonly Registered[]> = open;

export function register(document: Registered): void {
  open.value = [...open.peek(), document];
}

export function unregister(document: Registered): void {
  open.value = open.peek().filter((other) => other !== document);
}

/** Returns the open document of a note. */
export function openDocumentOf(note: NoteId): Registered | undefined {
  return open.peek().find((document) => nameOf(document.note) === nameOf(note));
}
