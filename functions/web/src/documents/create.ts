// Creates new notes on the server.

import { messages } from "../messages.ts";
import { type Note, type NoteId, titleLooksTheSame } from "../note.ts";
import { write } from "../server/api.ts";
import { readDocument } from "../server/documents.ts";
import { Problem } from "../server/problem.ts";
import { cacheSaved } from "./saved.ts";
import { change } from "./unsent.ts";

/** The title of a note that has none yet. */
export const UNTITLED = "Untitled";

/** A note that was created, and the id of its document. */
export interface Created {
  note: Note;
  document: string;
}

/**
 * Creates a note without a text. Its key is random, so a note that has it is this note: then the response to an earlier
 * attempt was lost.
 */
export async function create(user: string, id: NoteId, title: string | undefined): Promise<Created> {
  const outcome = await write(id, undefined, { title: title ?? UNTITLED, body: "" });
  if (outcome.kind === "gone") throw new Problem(404, messages.problem.unexplained(404));
  const note = outcome.kind === "saved" ? outcome.note : outcome.current;
  await cacheSaved(user, id, note);
  const { document } = await readDocument(id);
  await change(user, id, (rest) => {
    const isSaved = rest.title !== undefined && titleLooksTheSame(rest.title, note.title);
    return { document, title: isSaved ? undefined : rest.title };
  });
  return { note, document };
}

/** Called when no edits of a new note are left from the time before it existed. */
export function forgetNew(user: string, note: NoteId): Promise<void> {
  return change(user, note, () => ({ isNew: undefined, document: undefined }));
}
