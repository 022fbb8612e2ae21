// What this browser has and the server has not: edits, titles and new notes, in a database until the server has taken them.
// A row belongs to its author. Any tab may send any edit of the author: edits commute, and repeats are harmless.

import { createStore, delMany, entries, promisifyRequest, set } from "idb-keyval";
import type { NoteId } from "../note.ts";

const store = typeof indexedDB === "undefined" ? undefined : createStore("notes-unsent", "unsent");

type NoteKey = [user: string, board: string, key: string];

/** The key of an edit. A note that does not exist yet has no document. The id sorts by time. */
export type EditKey = [...NoteKey, document: string, id: string];

/** An edit, as an update of its document. */
export interface Edit {
  key: EditKey;
  update: Uint8Array;
}

/** What is unsent of a note besides edits. */
export interface Rest {
  /** Whether the note is new. Then it must be created, unless its document is known. */
  isNew?: true | undefined;
  /** The document of a new note, once it was created. */
  document?: string | undefined;
  title?: string | undefined;
}

/** All that is unsent of a note. */
export interface UnsentNote extends Rest {
  note: NoteId;
  /** In the order in which they were made. */
  edits: Edit[];
}

let count = 0;

/** Makes an edit of a document. */
export function newEdit(user: string, { board, key }: NoteId, document: string, update: Uint8Array): Edit {
  count += 1;
  const id = `${String(Date.now()).padStart(15, "0")}-${String(count).padStart(9, "0")}-${crypto.randomUUID()}`;
  return { key: [user, board, key, document, id], update };
}

/** Makes an edit of the document that another edit is of. */
export function newEditLike({ key: [user, board, key, document] }: Edit, update: Uint8Array): Edit {
  return newEdit(user, { board, key }, document, update);
}

/** Returns the document that an edit was made to, or "" if the note did not exist yet. */
export function documentOf({ key }: Edit): string {
  return key[3];
}

/** Returns whether a note did not exist yet when something of it was written. */
export function isNew(unsent: UnsentNote): boolean {
  return unsent.isNew === true || unsent.edits.some((edit) => documentOf(edit) === "");
}

/** Stores an edit. A browser that stores nothing still sends it: then only a crash loses it. */
export async function put({ key, update }: Edit): Promise<void> {
  if (store !== undefined) await set(key, update, store).catch(() => {});
}

/** Deletes edits. */
export async function remove(edits: readonly Edit[]): Promise<void> {
  if (store === undefined || edits.length === 0) return;
  const keys = edits.map(({ key }) => key);
  await delMany(keys, store).catch(() => {});
}

/** Replaces edits by one that has all of them. */
export async function replace(edits: readonly Edit[], { key, update }: Edit): Promise<void> {
  const write = async (rows: IDBObjectStore) => {
    for (const edit of edits) rows.delete(edit.key);
    rows.put(update, key);
    await promisifyRequest(rows.transaction);
  };
  await store?.("readwrite", write).catch(() => {});
}

/** Changes what is unsent of a note besides edits. A part that becomes undefined is deleted. */
export async function change(user: string, note: NoteId, part: (rest: Rest) => Rest): Promise<void> {
  const key: NoteKey = [user, note.board, note.key];
  const write = async (rows: IDBObjectStore) => {
    const before: Rest = (await promisifyRequest(rows.get(key))) ?? {};
    const after = Object.entries({ ...before, ...part(before) }).filter(([, value]) => value !== undefined);
    if (after.length === 0) rows.delete(key);
    else rows.put(Object.fromEntries(after), key);
    await promisifyRequest(rows.transaction);
  };
  await store?.("readwrite", write).catch(() => {});
}

/** Returns what is unsent of all notes of a user. */
export async function unsentOf(user: string): Promise<UnsentNote[]> {
  return (await all()).filter((unsent) => unsent.user === user);
}

/** Returns what is unsent of a note. */
export async function unsentIn(user: string, note: NoteId): Promise<UnsentNote> {
  const isIt = (unsent: UnsentNote) => unsent.note.board === note.board && unsent.note.key === note.key;
  return (await unsentOf(user)).find(isIt) ?? { note, edits: [] };
}

/** Deletes everything that is unsent of a note. */
export async function drop(user: string, note: NoteId): Promise<void> {
  const { edits } = await unsentIn(user, note);
  await remove(edits);
  await change(user, note, () => ({ isNew: undefined, document: undefined, title: undefined }));
}

/** Returns what is unsent, of all users. */
export async function all(): Promise<(UnsentNote & { user: string })[]> {
  const rows = store && (await entries<EditKey | NoteKey, Uint8Array | Rest>(store).catch(() => []));
  const notes = new Map<string, UnsentNote & { user: string }>();
  for (const [key, value] of rows ?? []) {
    const [user, board, noteKey] = key;
    const name = `${user}/${board}/${noteKey}`;
    const unsent = notes.get(name) ?? { user, note: { board, key: noteKey }, edits: [] };
    notes.set(name, unsent);
    if (value instanceof Uint8Array) unsent.edits.push({ key: key as EditKey, update: value });
    else Object.assign(unsent, value);
  }
  return [...notes.values()];
}
