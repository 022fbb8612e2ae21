// What the user wrote and the server does not have: edits and titles of notes, and comments; in this tab, in others, and of
// earlier visits. It is part of the page from the start, and loads Yjs only if there is something to send.

import { effect, untracked } from "@preact/signals";
import { begunDrafts, dropDrafts, forgetDrafts } from "../drafts/comment-drafts.ts";
import { type DraftKey, draftsOf, removeDrafts } from "../drafts/draft-store.ts";
import { connection } from "../live/channel.ts";
import { type NoteId, nameOf } from "../note.ts";
import { author, setAuthor } from "./author.ts";
import { documents, openDocumentOf } from "./registry.ts";
import * as states from "./states.ts";
import { onFlush, tell } from "./tabs.ts";
import * as unsent from "./unsent.ts";
import { forgetUnsentNotes, sendUnsentNotes } from "./unsent-notes.ts";

/** Something that is unsaved. */
export type Unsaved = { kind: "note"; note: NoteId } | { kind: "comment"; draft: DraftKey };

/** How long saving may take in this tab, and then in others, before the user is asked about the rest. */
const SAVING_MS = 10_000;
const OTHER_TABS_MS = 1_500;

/** How often to look whether other tabs have saved what they have. */
const LOOK_MS = 100;

/** Called when a user has signed in, before any view is shown. What others wrote in this browser waits for its author. */
export function begin(username: string): void {
  if (author() !== username) layDown();
  setAuthor(username);
  void sendUnsentNotes();
}

/** Saves everything that can be saved, in this tab and in others. Returns what could not be saved. */
export async function saveAll(): Promise<Unsaved[]> {
  const user = author();
  tell({ kind: "flush", user });
  const saved = Promise.all([...documents.peek().map((document) => document.flush()), sendUnsentNotes()]);
  await Promise.race([saved, passed(SAVING_MS)]);
  const end = Date.now() + OTHER_TABS_MS;
  while ((await unsavedNotes(user)).length > 0 && Date.now() < end) await passed(LOOK_MS);
  const [notes, drafts] = await Promise.all([unsavedNotes(user), draftsOf(user)]);
  return [
    ...notes.map((note) => ({ kind: "note", note }) as const),
    ...unique([...begunDrafts(), ...drafts], String).map((draft) => ({ kind: "comment", draft }) as const),
  ];
}

/** Returns the notes that have something unsaved. A browser without a database knows those of this tab only. */
async function unsavedNotes(user: string): Promise<NoteId[]> {
  const here = documents.peek().filter(({ isWaiting }) => isWaiting.peek());
  return unique(
    [...here, ...(await unsent.unsentOf(user))].map(({ note }) => note),
    nameOf,
  );
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function unique<One>(all: readonly One[], nameOf: (one: One) => string): One[] {
  return [...new Map(all.map((one) => [nameOf(one), one])).values()];
}

/**
 * Clears this browser of what its user leaves. Deletes `unsaved`, about which the user was asked. What was written since, here
 * or in another tab, is kept for when the user is back.
 */
export async function clear(unsaved: readonly Unsaved[]): Promise<void> {
  const user = author();
  const notes = unsaved.flatMap((one) => (one.kind === "note" ? [one.note] : []));
  const drafts = unsaved.flatMap((one) => (one.kind === "comment" ? [one.draft] : []));
  for (const note of notes) openDocumentOf(note)?.forget();
  tell({ kind: "dropped", user, notes });
  dropDrafts(drafts);
  layDown();
  await Promise.all([...notes.map((note) => unsent.drop(user, note)), removeDrafts(drafts)]);
  await states.clear();
}

/** Called when the session ended elsewhere. Everything that is unsaved stays for its author. */
export function end(): void {
  layDown();
  void states.clear();
}

function layDown(): void {
  setAuthor("");
  forgetUnsentNotes();
  forgetDrafts();
}

/** Returns whether something is being written in this tab. */
export function isWriting(): boolean {
  return documents.peek().some((document) => document.isBusy);
}

/** Keeps what is unsaved on its way: when the server can be reached again, when the user returns, or another tab asks. */
export function keepSending(): void {
  effect(() => {
    if (connection.value === "connected" || connection.value === "polling") untracked(() => void sendUnsentNotes());
  });
  onFlush((user) => {
    if (user === author()) for (const document of documents.peek()) void document.flush();
  });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sendUnsentNotes();
  });
}
