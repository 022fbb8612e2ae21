// The cached documents: what the server is known to have of the notes that were opened last. With it, a note opens without a
// connection. A document with unsent edits stays until they are sent, also when its author's session ends.

import { createStore, del, delMany, entries, get, promisifyRequest } from "idb-keyval";
import type { NoteId } from "../note.ts";
import { all as allUnsent } from "./unsent.ts";

/** Maximum number of documents in the cache. */
export const MAX_DOCUMENTS = 200;

const store = typeof indexedDB === "undefined" ? undefined : createStore("notes-kept-documents", "documents");

type Key = [user: string, board: string, key: string];

/** The state of a document. */
export interface State {
  /** The id of the document. */
  document: string;
  /** The document, as an update. */
  state: Uint8Array;
  vector: Uint8Array;
}

interface CachedState extends State {
  /** When the document was last open, in milliseconds since 1970. */
  read: number;
}

const keyOf = (user: string, { board, key }: NoteId): Key => [user, board, key];

/** Returns the state of a document, if it is cached. */
export async function read(user: string, note: NoteId): Promise<State | undefined> {
  return store && (await get<CachedState>(keyOf(user, note), store).catch(() => undefined));
}

/**
 * Stores a state. `merge` gets the cached one, which another tab may have written, and returns the one to store, if there is
 * one.
 */
export async function write(user: string, note: NoteId, merge: (cached?: State) => State | undefined): Promise<void> {
  const key = keyOf(user, note);
  const replace = async (rows: IDBObjectStore) => {
    const state = merge(await promisifyRequest<State | undefined>(rows.get(key)));
    if (state === undefined) return;
    rows.put({ ...state, read: Date.now() } satisfies CachedState, key);
    await promisifyRequest(rows.transaction);
  };
  await store?.("readwrite", replace).catch(() => {});
}

/** Deletes the state of a document. */
export async function remove(user: string, note: NoteId): Promise<void> {
  if (store !== undefined) await del(keyOf(user, note), store).catch(() => {});
}

/** Deletes the documents beyond `MAX_DOCUMENTS` that were not open for the longest time. */
export async function evict(): Promise<void> {
  await removeIf((_, age) => age >= MAX_DOCUMENTS);
}

/** Deletes the documents of other boards, after the boards of the user have changed. */
export async function retainBoards(boards: readonly string[]): Promise<void> {
  await removeIf(([, board]) => !boards.includes(board));
}

/** Clears the cache. */
export async function clear(): Promise<void> {
  await removeIf(() => true);
}

/** Deletes documents by their keys, and by how many were open later. Those with unsent edits stay. */
async function removeIf(isOld: (key: Key, age: number) => boolean): Promise<void> {
  if (store === undefined) return;
  const [states, unsent] = await Promise.all([entries<Key, CachedState>(store).catch(() => []), allUnsent()]);
  const waiting = new Set(unsent.map(({ user, note }) => String(keyOf(user, note))));
  const old = states
    .sort(([, one], [, other]) => other.read - one.read)
    .filter(([key], age) => isOld(key, age) && !waiting.has(String(key)))
    .map(([key]) => key);
  await delMany(old, store).catch(() => {});
}
