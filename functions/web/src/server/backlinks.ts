// The HTTP interface of the links to a note.

import type { NoteId } from "../note.ts";
import type { Page } from "./admin.ts";
import { authenticated, pathOf } from "./api.ts";

/** A note that links to another one by its title. */
export interface Backlink {
  key: string;
  title: string;
}

/** Reads a page of the notes that link to a note. A link is there a moment after it was written. */
export async function backlinks(note: NoteId, cursor?: string): Promise<Page<Backlink>> {
  const query = cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
  const response = await authenticated("GET", `${pathOf(note)}/backlinks${query}`);
  const { notes, cursor: next } = (await response.json()) as { notes: Backlink[]; cursor?: string };
  return { items: notes, ...(next !== undefined && { cursor: next }) };
}
