// The list of titles: which of two lists is shown, and the rows after its end.

import type { TitleList, TitleRow } from "../note.ts";

/**
 * Returns the list to show. A list of a lower revision was read before the shown one, even if it arrives later or on another
 * connection.
 */
export function latest(shown: TitleList | undefined, arrived: TitleList): TitleList {
  return shown !== undefined && arrived.revision < shown.revision ? shown : arrived;
}

/**
 * Returns the list to show after a page of titles was read over HTTP, without a live connection. A page has no revision, so
 * the next pushed list replaces it.
 */
export function polled(
  shown: TitleList | undefined,
  { notelist, cursor }: { notelist: TitleRow[]; cursor?: string },
): TitleList {
  return { revision: shown?.revision ?? 0, notelist, more: cursor !== undefined };
}

/** Returns the rows after the end of the shown list, from rows that were read earlier or later. */
export function beyond(shown: TitleList | undefined, rows: readonly TitleRow[]): TitleRow[] {
  const end = shown?.notelist.at(-1);
  if (shown === undefined || end === undefined || !shown.more) return [];
  const listed = new Set(shown.notelist.map((row) => row.key));
  // A row that is newer than the end but not in the list was deleted after it was read.
  return rows.filter((row) => row.updated <= end.updated && !listed.has(row.key));
}

/** Merges pages into one list, newest change first, with the later state of each note. */
export function merge(...readings: readonly (readonly TitleRow[])[]): TitleRow[] {
  const rows = new Map<string, TitleRow>();
  for (const row of readings.flat()) {
    const known = rows.get(row.key);
    if (known === undefined || known.updated < row.updated) rows.set(row.key, row);
  }
  return [...rows.values()].sort((a, b) => (a.updated < b.updated ? 1 : a.updated > b.updated ? -1 : 0));
}
