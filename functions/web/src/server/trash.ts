// The HTTP interface of the trash of a board: a function for each request.

import type { Note } from "../note.ts";
import type { Page } from "./admin.ts";
import { authenticated, boardPath } from "./api.ts";

/** A note in the trash. */
export interface TrashedNote {
  id: string;
  key: string;
  title: string;
  /** When it was deleted. */
  deleted: string;
  /** The user who deleted it. */
  deletedBy: string;
}

/** Returns the id that a note has in the trash. */
export function trashId({ key, created }: Note): string {
  return `${key}@${created}`;
}

/** Reads a page of the trash, newest deletion first. */
export async function trash(board: string, cursor?: string): Promise<Page<TrashedNote>> {
  const query = cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
  const response = await authenticated("GET", `${trashOf(board)}${query}`);
  const { notes, cursor: next } = (await response.json()) as { notes: TrashedNote[]; cursor?: string };
  return { items: notes, ...(next !== undefined && { cursor: next }) };
}

/** Puts a note back on the board. */
export async function restore(board: string, id: string): Promise<Note> {
  return (await authenticated("POST", `${trashOf(board)}/${encodeURIComponent(id)}/restore`)).json();
}

/** Deletes a note and its comments for good. Succeeds if it is not in the trash any more. */
export async function deleteForGood(board: string, id: string): Promise<void> {
  await authenticated("DELETE", `${trashOf(board)}/${encodeURIComponent(id)}`);
}

function trashOf(board: string): string {
  return `${boardPath(board)}/trash`;
}
