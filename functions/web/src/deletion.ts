// The deletions of this tab. Each is made at once, and can be undone for a while: the note is restored from the trash.

import { signal } from "@preact/signals";
import type { Note, TitleRow } from "./note.ts";
import { destroy, serverTime } from "./server/api.ts";
import { restore, trashId } from "./server/trash.ts";

/** How long the page offers to undo a deletion, in milliseconds. Later, the trash does. */
export const UNDO_MS = 20_000;

export interface Deletion {
  board: string;
  note: Note;
  /** When it began, as the server counts time. RFC 3339, UTC. */
  begun: string;
  /** What failed, if something did. A note that was not deleted is still on the board. */
  failed?: "delete" | "restore";
  /** Why it failed. */
  reason?: string;
}

/** The deletions that the page shows, newest last. */
export const deletions = signal<readonly Deletion[]>([]);

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** The requests to which the server has not responded yet. */
const requests = new Set<Promise<unknown>>();

/** Deletes a note, after its unsent edits were sent by `flush`: they may be wanted back with it. */
export function deleteNote(board: string, note: Note, flush: () => Promise<void>): void {
  const deletion = { board, note, begun: new Date(serverTime()).toISOString() };
  deletions.value = [...without(deletion), deletion];
  void track(make(deletion, flush));
}

async function make(deletion: Deletion, flush: () => Promise<void>): Promise<void> {
  const { board, note } = deletion;
  try {
    await flush();
    await destroy({ board, key: note.key });
  } catch (error) {
    return fail(deletion, "delete", (error as Error).message);
  }
  const timer = setTimeout(() => dismiss(deletion), UNDO_MS);
  timers.set(nameOf(deletion), timer);
}

/** Undoes a deletion once it is made. Resolves to whether the note is restored. */
export async function undo(deletion: Deletion): Promise<boolean> {
  await deletionsMade();
  stopTimer(deletion);
  const made = deletions.peek().find((one) => nameOf(one) === nameOf(deletion));
  if (made === undefined || made.failed === "delete") return false;
  try {
    await track(restore(made.board, trashId(made.note)));
  } catch (error) {
    fail(deletion, "restore", (error as Error).message);
    return false;
  }
  dismiss(deletion);
  return true;
}

/** Stops showing a deletion. */
export function dismiss(deletion: Deletion): void {
  stopTimer(deletion);
  deletions.value = without(deletion);
}

/** Stops showing the deletion of a note that has left the trash: it was restored there, or deleted for good. */
export function leftTrash(board: string, id: string): void {
  deletions
    .peek()
    .filter((deletion) => nameOf(deletion) === `${board}/${id}`)
    .forEach(dismiss);
}

/** Stops showing all deletions: the next user did not make them. */
export function forgetDeletions(): void {
  deletions.peek().forEach(dismiss);
}

/** Resolves once no deletion is on its way to the server. */
export async function deletionsMade(): Promise<void> {
  while (requests.size > 0) await Promise.allSettled(requests);
}

/** Returns whether a row of the list is of a note that was deleted, and not restored since. The list may not know yet. */
export function isDeleted(board: string, { key, updated }: TitleRow): boolean {
  return deletions.value.some(
    (deletion) =>
      deletion.failed !== "delete" &&
      deletion.board === board &&
      deletion.note.key === key &&
      updated <= deletion.begun,
  );
}

function track<Done>(request: Promise<Done>): Promise<Done> {
  requests.add(request);
  return request.finally(() => requests.delete(request));
}

/** Shows that a deletion, or its undoing, has failed. It may have been dismissed meanwhile. */
function fail(deletion: Deletion, failed: "delete" | "restore", reason: string): void {
  deletions.value = deletions
    .peek()
    .map((one) => (nameOf(one) === nameOf(deletion) ? { ...one, failed, reason } : one));
}

function stopTimer(deletion: Deletion): void {
  clearTimeout(timers.get(nameOf(deletion)));
  timers.delete(nameOf(deletion));
}

function without(deletion: Deletion): Deletion[] {
  return deletions.peek().filter((one) => nameOf(one) !== nameOf(deletion));
}

/** Returns the name of a deletion. A note has one at most. */
export function nameOf({ board, note }: Deletion): string {
  return `${board}/${trashId(note)}`;
}
