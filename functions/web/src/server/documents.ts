// The HTTP interface of notes as shared documents: a function for each request.

import type { Note, NoteId } from "../note.ts";
import { problemMessages } from "../problem-messages.ts";
import { authenticated, pathOf } from "./api.ts";
import { fromBase64, toBase64, toBase64Url } from "./base64.ts";
import { Problem } from "./problem.ts";

/** A document, or the part of it that a state vector lacks. */
export interface DocumentUpdate {
  /** The id of the document. Another note under the same key has another one. */
  document: string;
  update: Uint8Array;
}

/** Reads what a document has beyond `vector`, or the whole document. */
export async function readDocument(note: NoteId, vector?: Uint8Array, signal?: AbortSignal): Promise<DocumentUpdate> {
  const query = vector === undefined ? "" : `?${new URLSearchParams({ vector: toBase64Url(vector) })}`;
  const response = await authenticated("GET", `${pathOf(note)}/document${query}`, signal && { signal });
  const { document, update } = (await response.json()) as { document: string; update: string };
  return { document, update: fromBase64(update) };
}

/** Adds edits to a document. Repeats are harmless. */
export async function sendEdits(note: NoteId, document: string, update: Uint8Array): Promise<void> {
  try {
    await authenticated("POST", `${pathOf(note)}/edits`, { body: { document, update: toBase64(update) } });
  } catch (error) {
    throw error instanceof Problem ? refusalOf(error) : error;
  }
}

/** Returns the refusal of an edit as the live connection says it. Over HTTP, the update is a field like any other. */
function refusalOf(problem: Problem): Problem {
  const reason = problem.errors["update"];
  if (reason === undefined) return problem;
  const code = problem.status === 413 ? "too-large" : "malformed-update";
  return new Problem(problem.status, problemMessages.edit(reason), {}, undefined, false, code);
}

/** Changes the title of a note, whatever it is now. */
export async function changeTitle(note: NoteId, title: string): Promise<Note> {
  return (await authenticated("PATCH", pathOf(note), { body: { title } })).json();
}
