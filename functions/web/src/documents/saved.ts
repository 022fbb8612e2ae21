// Notes as the server returns them after a write. They are cached at once: the connection may be lost before their push arrives.

import * as cache from "../cache/cache.ts";
import type { Note, NoteId } from "../note.ts";
import { changeTitle } from "../server/documents.ts";
import { author } from "./author.ts";

/** Caches a note that the server returned. Nothing is cached of a session that has ended. */
export async function cacheSaved(user: string, id: NoteId, note: Note): Promise<void> {
  if (author() === user) await cache.putNote(id, note);
}

/** Changes the title of a note, whatever it is now. */
export async function saveTitle(user: string, id: NoteId, title: string): Promise<Note> {
  const note = await changeTitle(id, title);
  await cacheSaved(user, id, note);
  return note;
}
