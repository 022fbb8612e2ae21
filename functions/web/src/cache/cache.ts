// The browser's cache: the user, the boards with their newest titles, the notes that were read last, and the users that were
// seen last. With it, the page can be read without a connection. The cache is cleared when the session ends.

import { createStore, del, delMany, clear as empty, entries, get, keys, set, update } from "idb-keyval";
import { type Note, type NoteId, nameOf, TEAM, type TitleList } from "../note.ts";
import type { Person, User } from "../server/api.ts";
import type { Board } from "../server/boards.ts";

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

export const boards = (): Promise<Board[] | undefined> => attempt(notebook && get<Board[]>("boards", notebook));

export const titles = (board: string): Promise<TitleList | undefined> =>
  attempt(notebook && get<TitleList>(titlesKey(board), notebook));

const titlesKey = (board: string): string => `titles/${board}`;

/** Returns the users that were seen last, the latest at the end. */
export async function people(): Promise<readonly Person[]> {
  return (await attempt(notebook && get<Person[]>("people", notebook))) ?? [];
}

export async function note(id: NoteId): Promise<Note | undefined> {
  return (await attempt(notes && get<CachedNote>(nameOf(id), notes)))?.note;
}

export async function putUser(user: User): Promise<void> {
  await attempt(notebook && set("user", user, notebook));
}

export async function putTitles(board: string, titles: TitleList): Promise<void> {
  await attempt(notebook && set(titlesKey(board), titles, notebook));
}

/** Stores the list of boards, and deletes what is cached of other boards. */
export async function putBoards(boards: readonly Board[]): Promise<void> {
  if (notebook === undefined || notes === undefined) return;
  await attempt(set("boards", boards, notebook));
  const ids = boards.map(({ id }) => id);
  const remaining = new Set(ids.map(titlesKey));
  const lists = (await attempt(keys<string>(notebook))) ?? [];
  await attempt(
    delMany(
      lists.filter((name) => name.startsWith("titles/") && !remaining.has(name)),
      notebook,
    ),
  );
  const names = (await attempt(keys<string>(notes))) ?? [];
  await attempt(
    delMany(
      names.filter((name) => !ids.includes(boardOf(name))),
      notes,
    ),
  );
}

/** Returns the board of a note from its name. */
function boardOf(name: string): string {
  const slash = name.indexOf("/");
  return slash < 0 ? TEAM : name.slice(0, slash);
}

/** Adds users, and replaces what was known of them. */
export async function putPeople(people: readonly Person[]): Promise<void> {
  const added = new Set(people.map(({ username }) => username));
  const merge = (known: readonly Person[] = []) =>
    [...known.filter(({ username }) => !added.has(username)), ...people].slice(-MAX_PEOPLE);
  await attempt(notebook && update<readonly Person[]>("people", merge, notebook));
}

/** Stores a note, unless a newer version of the same note is cached. */
export async function putNote(id: NoteId, note: Note): Promise<void> {
  const newest = (cached?: CachedNote): CachedNote => {
    const isOlder = cached?.note.created === note.created && cached.note.version > note.version;
    return { note: isOlder ? cached.note : note, read: Date.now() };
  };
  await attempt(notes && update(nameOf(id), newest, notes));
}

export async function deleteNote(id: NoteId): Promise<void> {
  await attempt(notes && del(nameOf(id), notes));
}

/** Deletes the notes beyond `MAX_NOTES` that were not read for the longest time. */
export async function evict(): Promise<void> {
  const all = (await attempt(notes && entries<string, CachedNote>(notes))) ?? [];
  const latest = all.sort(([, one], [, other]) => other.read - one.read);
  const old = latest.slice(MAX_NOTES).map(([name]) => name);
  await attempt(notes && delMany(old, notes));
}

/** Clears the whole cache. */
export async function clear(): Promise<void> {
  await Promise.all([attempt(notebook && empty(notebook)), attempt(notes && empty(notes))]);
}
