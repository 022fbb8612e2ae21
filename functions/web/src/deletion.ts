// Notes on their way out: for ten seconds it can be thought better of. A page that crashes meanwhile deletes nothing.

import { signal } from "@preact/signals";
import { messages } from "./messages.ts";
import type { Note } from "./note.ts";
import { destroy } from "./server/api.ts";

/** How long a deletion can be undone. */
export const UNDO_MS = 10_000;

export interface Deletion {
  note: Note;
  /** Why it failed, once it has. */
  failure?: string;
}

/** The newest last. */
export const deletions = signal<readonly Deletion[]>([]);

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Deletes the version of the note that the person saw, after a while. */
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

/** Takes the deletion back; of one that failed, the news of it. */
export function dismiss(key: string): void {
  stopWaiting(key);
  deletions.value = without(key);
}

/** Whether the note is shown as gone already. */
export function isGoing(key: string): boolean {
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

/** Whoever leaves the page within the ten seconds has not undone anything. Should the browser not send it, the note stays. */
export function deleteOnLeaving(): void {
  addEventListener("pagehide", () => {
    for (const key of timers.keys()) {
      const waiting = deletions.peek().find(({ note }) => note.key === key);
      if (waiting !== undefined) void attempt(waiting.note);
    }
  });
}
