// Deletions that can be undone for ten seconds. If the page crashes before that, the note stays.

import { signal } from "@preact/signals";
import { messages } from "./messages.ts";
import { type Note, type NoteId, nameOf } from "./note.ts";
import { destroy } from "./server/api.ts";

/** How long a deletion can be undone, in milliseconds. */
export const UNDO_MS = 10_000;

export interface Deletion {
  board: string;
  note: Note;
  /** The reason if the deletion failed. */
  failure?: string;
}

/** Pending and failed deletions, newest last. */
export const deletions = signal<readonly Deletion[]>([]);

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Deletes the shown version of the note after `UNDO_MS`. */
export function deleteSoon(board: string, note: Note): void {
  const id = { board, key: note.key };
  deletions.value = [...without(id), { board, note }];
  timers.set(
    nameOf(id),
    setTimeout(() => void deleteNow(board, note), UNDO_MS),
  );
}

export async function deleteNow(board: string, note: Note): Promise<void> {
  const id = { board, key: note.key };
  stopWaiting(id);
  const failure = await attempt(board, note);
  if (failure === undefined) dismiss(id);
  else deletions.value = [...without(id), { board, note, failure }];
}

/** Undoes a pending deletion, or removes a failed one from the list. */
export function dismiss(id: NoteId): void {
  stopWaiting(id);
  deletions.value = without(id);
}

/** Returns whether the note is hidden because its deletion is pending. */
export function isPending(id: NoteId): boolean {
  return deletions.value.some((deletion) => isOf(deletion, id) && deletion.failure === undefined);
}

async function attempt(board: string, { key }: Note): Promise<string | undefined> {
  try {
    const outcome = await destroy({ board, key });
    return outcome.kind === "stale" ? messages.deletion.changed : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function stopWaiting(id: NoteId): void {
  clearTimeout(timers.get(nameOf(id)));
  timers.delete(nameOf(id));
}

function isOf({ board, note }: Deletion, id: NoteId): boolean {
  return board === id.board && note.key === id.key;
}

function without(id: NoteId): Deletion[] {
  return deletions.peek().filter((deletion) => !isOf(deletion, id));
}

/** Deletes pending notes when the user leaves the page. If the browser does not send the request, the note stays. */
export function deleteOnLeaving(): void {
  addEventListener("pagehide", () => {
    for (const { board, note } of deletions.peek()) {
      if (timers.has(nameOf({ board, key: note.key }))) void attempt(board, note);
    }
  });
}
