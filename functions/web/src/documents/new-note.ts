// New notes without a character. Nothing but the address of this tab knows them until something is typed.

import { type NoteId, nameOf } from "../note.ts";

const blank = new Set<string>();

/** Returns the id of a new note. The note is created with its first character. */
export function newNote(board: string): NoteId {
  const note = { board, key: crypto.randomUUID() };
  blank.add(nameOf(note));
  return note;
}

/** Returns whether a note was begun in this tab, and has no character yet. */
export function isBlank(note: NoteId): boolean {
  return blank.has(nameOf(note));
}

/** Called with the first character of a note. */
export function forgetBlank(note: NoteId): void {
  blank.delete(nameOf(note));
}
