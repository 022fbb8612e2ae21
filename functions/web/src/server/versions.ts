// The HTTP interface of the history of a note: a function for each request.

import type { Draft, NoteId } from "../note.ts";
import type { Page } from "./admin.ts";
import { authenticated, pathOf } from "./api.ts";

/** An earlier version of a note, without its text. */
export interface Version {
  version: number;
  title: string;
  /** The user who wrote it. */
  editor: string;
  /** When it was written. */
  updated: string;
}

/** An earlier version of a note. */
export type WholeVersion = Version & Draft;

/** Reads a page of the earlier versions, newest first. The current version is not one of them. */
export async function versions(note: NoteId, cursor?: string): Promise<Page<Version>> {
  const query = cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
  const response = await authenticated("GET", `${versionsOf(note)}${query}`);
  const { versions, cursor: next } = (await response.json()) as { versions: Version[]; cursor?: string };
  return { items: versions, ...(next !== undefined && { cursor: next }) };
}

/** Reads a version. Throws a Problem with the code `no-such-version` if it is gone: old versions are thinned out. */
export async function version(note: NoteId, number: number, signal: AbortSignal): Promise<WholeVersion> {
  return (await authenticated("GET", `${versionsOf(note)}/${number}`, { signal })).json();
}

function versionsOf(note: NoteId): string {
  return `${pathOf(note)}/versions`;
}
