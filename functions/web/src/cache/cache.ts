// The browser's cache: the user, the newest titles, the notes that were read last, and the users that were seen last. With it,
// the page can be read without a connection. The cache is cleared when the session ends.

import { createStore, del, clear as empty, entries, get, set, update } from "idb-keyval";
import type { Note, TitleList } from "../note.ts";
import type { Person, User } from "../server/api.ts";

/** Maximum number of notes in the cache. */
export const MAX_NOTES = 200;

/** Maximum number of users in the cache. */
export const MAX_PEOPLE = 1_000;

const hasDatabase = typeof indexedDB !== "undefined";
const notebook = hasDatabase ? createStore("notes-kept", "notebook") : undefined;
const notes = hasDatabase ? createStore("notes-kept-notes", "notes") : undefined;

interface CachedNote {
  note: Note;
  /** When the note was last read, in milliseconds since 1970. */
  read: number;
}

/** Resolves to nothing if the browser refuses to store data. The page then works without a cache. */
async function attempt<Value>(access: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await access;
  } catch {
    return undefined;
  }
}

export const user = (): Promise<User | undefined> => attempt(notebook && get<User>("user", notebook));

export const titles = (): Promise<TitleList | undefined> => attempt(notebook && get<TitleList>("titles", notebook));

/** Returns the users that were seen last, the latest at the end. */
export async function people(): Promise<readonly Person[]> {
  return (await attempt(notebook && get<Person[]>("people", notebook))) ?? [];
}

export async function note(key: string): Promise<Note | undefined> {
  return (await attempt(notes && get<CachedNote>(key, notes)))?.note;
}

export async function putUser(user: User): Promise<void> {
  await attempt(notebook && set("user", user, notebook));
}

export async function putTitles(titles: TitleList): Promise<void> {
  await attempt(notebook && set("titles", titles, notebook));
}

/** Adds users, and replaces what was known of them. */
export async function putPeople(people: readonly Person[]): Promise<void> {
  const added = new Set(people.map(({ username }) => username));
  const merge = (known: readonly Person[] = []) =>
    [...known.filter(({ username }) => !added.has(username)), ...people].slice(-MAX_PEOPLE);
  await attempt(notebook && update<readonly Person[]>("people", merge, notebook));
}

export async function putNote(note: Note): Promise<void> {
  await attempt(notes && set(note.key, { note, read: Date.now() } satisfies CachedNote, notes));
}

export async function deleteNote(key: string): Promise<void> {
  await attempt(notes && del(key, notes));
}

/** Deletes the notes beyond `MAX_NOTES` that were not read for the longest time. */
export async function evict(): Promise<void> {
  const all = (await attempt(notes && entries<string, CachedNote>(notes))) ?? [];
  const latest = all.sort(([, one], [, other]) => other.read - one.read);
  await Promise.all(latest.slice(MAX_NOTES).map(([key]) => deleteNote(key)));
}

/** Clears the whole cache. */
export async function clear(): Promise<void> {
  await Promise.all([attempt(notebook && empty(notebook)), attempt(notes && empty(notes))]);
}
