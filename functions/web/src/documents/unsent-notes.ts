// The notes that have something unsent in this browser, and the attempts to send it. Yjs is loaded only if there is something.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import * as cache from "../cache/cache.ts";
import { coalesce } from "../live/coalesce.ts";
import { type NoteId, nameOf } from "../note.ts";
import { Problem } from "../server/problem.ts";
import { author } from "./author.ts";
import { documents, openDocumentOf } from "./registry.ts";
import { type UnsentNote, unsentOf } from "./unsent.ts";

/** A note that has something unsent. */
export interface Unsent {
  note: NoteId;
  /** Its title, as far as this browser knows it. */
  title: string;
}

/** What the database had last. */
const found = signal<readonly Unsent[]>([]);

/** The notes of the user that have something unsent. A document that is open and ready knows itself whether it has. */
export const unsentNotes: ReadonlySignal<readonly Unsent[]> = computed(() => {
  const ready = documents.value.filter(({ state }) => state.value === "ready");
  const waiting = ready.filter(({ isWaiting }) => isWaiting.value);
  return [
    ...waiting.map(({ note, title }) => ({ note, title: title.value })),
    ...found.value.filter(({ note }) => ready.every((document) => nameOf(document.note) !== nameOf(note))),
  ];
});

/** Sends what is unsent of notes that are not open in this tab. */
export const sendUnsentNotes = coalesce(async () => {
  const user = author();
  const closed = (await unsentOf(user)).filter(({ note }) => openDocumentOf(note) === undefined);
  if (user !== "" && closed.length > 0) await sendAll(user, closed);
  const remaining = await Promise.all((await unsentOf(user)).map(shown));
  if (author() === user) found.value = remaining;
});

/** Forgets the notes of a user who has left. They stay in the database. */
export function forgetUnsentNotes(): void {
  found.value = [];
}

let outbox: Promise<typeof import("./outbox.ts")> | undefined;

/** Loads the code that sends. After a failure, the next call tries again. */
export function loadOutbox(): Promise<typeof import("./outbox.ts")> {
  outbox ??= import("./outbox.ts").catch((error: Error) => {
    outbox = undefined;
    throw error;
  });
  return outbox;
}

async function sendAll(user: string, notes: readonly UnsentNote[]): Promise<void> {
  const code = await loadOutbox().catch(() => undefined);
  if (code === undefined) return;
  for (const found of notes) {
    const sent = code.sendUnsent(user, found);
    const problem = await sent.then(
      () => undefined,
      (error: Error) => Problem.from(error),
    );
    // A refusal is shown when the note is opened.
    if (problem?.unreached || problem?.unauthenticated) return;
  }
}

async function shown({ note, title }: UnsentNote): Promise<Unsent> {
  return { note, title: title ?? (await cache.note(note))?.title ?? "" };
}
