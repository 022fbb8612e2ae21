// What this browser keeps of the notebook, so that it can be read without a connection: who is signed in, the newest titles,
// and the notes that were read last. It goes when its session ends.

import { clear, createStore, del, entries, get, set } from "idb-keyval";
import type { TitleList } from "../live/titles.ts";
import type { Note } from "../note.ts";
import type { User } from "../server/api.ts";

/** How many notes are kept. */
export const MOST_NOTES = 200;

const inBrowser = typeof indexedDB !== "undefined";
const notebook = inBrowser ? createStore("notes-kept", "notebook") : undefined;
const notes = inBrowser ? createStore("notes-kept-notes", "notes") : undefined;

interface Kept {
  note: Note;
  /** When it was read last, in milliseconds. */
  read: number;
}

/** A browser may refuse to keep anything: then there is nothing kept. */
async function attempt<Value>(access: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await access;
  } catch {
    return undefined;
  }
}

export const user = (): Promise<User | undefined> => attempt(notebook && get<User>("user", notebook));

export const titles = (): Promise<TitleList | undefined> => attempt(notebook && get<TitleList>("titles", notebook));

export async function keepUser(user: User): Promise<void> {
  await attempt(notebook && set("user", user, notebook));
}

export async function keepTitles(titles: TitleList): Promise<void> {
  await attempt(notebook && set("titles", titles, notebook));
}

export async function note(key: string): Promise<Note | undefined> {
  return (await attempt(notes && get<Kept>(key, notes)))?.note;
}

export async function keepNote(note: Note): Promise<void> {
  await attempt(notes && set(note.key, { note, read: Date.now() } satisfies Kept, notes));
}

export async function dropNote(key: string): Promise<void> {
  await attempt(notes && del(key, notes));
}

/** Drops the notes that were not read for the longest time. */
export async function tidy(): Promise<void> {
  const all = (await attempt(notes && entries<string, Kept>(notes))) ?? [];
  const latest = all.sort(([, one], [, other]) => other.read - one.read);
  await Promise.all(latest.slice(MOST_NOTES).map(([key]) => dropNote(key)));
}

/** Forgets everything. */
export async function forget(): Promise<void> {
  await Promise.all([attempt(notebook && clear(notebook)), attempt(notes && clear(notes))]);
}
