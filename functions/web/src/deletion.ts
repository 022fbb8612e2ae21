// Deletions that can be undone for ten seconds. If the page crashes before that, the note stays.

import { signal } from "@preact/signals";
import { messages } from "./messages.ts";
import type { Note } from "./note.ts";
import { destroy } from "./server/api.ts";

/** How long a deletion can be undone, in milliseconds. */
export const UNDO_MS = 10_000;

export interface Deletion {
  note: Note;
  /** The reason if the deletion failed. */
  failure?: string;
}

/** Pending and failed deletions, newest last. */
export const deletions = signal<readonly Deletion[]>([]);

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Deletes the shown version of the note after `UNDO_MS`. */
export function deleteSoon(note: Note): void {
  deletions.value = [...without(note.key), { note }];
  timers.set(
    note.key,
    setTimeout(() => void deleteNow(note), UNDO_MS),
  );
}

export async function deleteNow(note: Note): Promise<void> {
  stopWaiting(note.key);
  const failure = await attempt(note);
  if (failure === undefined) dismiss(note.key);
  else deletions.value = [...without(note.key), { note, failure }];
}

/** Undoes a pending deletion, or removes a failed one from the list. */
export function dismiss(key: string): void {
  stopWaiting(key);
  deletions.value = without(key);
}

/** Returns whether the note is hidden because its deletion is pending. */
export function isPending(key: string): boolean {
  return deletions.value.some(({ note, failure }) => note.key === key && failure === undefined);
}

async function attempt({ key, version }: Note): Promise<string | undefined> {
  try {
    const outcome = await destroy(key, version);
    return outcome.kind === "stale" ? messages.deletion.changed : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function stopWaiting(key: string): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
}

function without(key: string): Deletion[] {
  return deletions.peek().filter(({ note }) => note.key !== key);
}

/** Deletes pending notes when the user leaves the page. If the browser does not send the request, the note stays. */
export function deleteOnLeaving(): void {
  addEventListener("pagehide", () => {
    for (const key of timers.keys()) {
      const waiting = deletions.peek().find(({ note }) => note.key === key);
      if (waiting !== undefined) void attempt(waiting.note);
    }
  });
}
