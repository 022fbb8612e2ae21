// The list of titles: which of two lists is shown, and what follows after its end.

import type { TitleList, TitleRow } from "../note.ts";

/**
 * The list to show. A list of a lower revision was read before the one shown, however late it arrives,
 * and whichever connection brings it.
 */
export function latest(shown: TitleList | undefined, arrived: TitleList): TitleList {
  return shown !== undefined && arrived.revision < shown.revision ? shown : arrived;
}

/**
 * The list to show after a page of titles was read over HTTP, while the live connection does not stand. A page has no
 * revision: the next list that is pushed takes its place.
 */
export function polled(
  shown: TitleList | undefined,
  { notelist, cursor }: { notelist: TitleRow[]; cursor?: string },
): TitleList {
  return { revision: shown?.revision ?? 0, notelist, more: cursor !== undefined };
}

/** The rows that stand after the end of the list shown, out of rows that were read at some time. */
export function beyond(shown: TitleList | undefined, rows: readonly TitleRow[]): TitleRow[] {
  const end = shown?.notelist.at(-1);
  if (shown === undefined || end === undefined || !shown.more) return [];
  const listed = new Set(shown.notelist.map((row) => row.key));
  // A row that is newer than the end and not listed was deleted since it was read.
  return rows.filter((row) => row.updated <= end.updated && !listed.has(row.key));
}

/** Rows of several readings as one list, newest change first; of a note that was read twice, the later state. */
export function merge(...readings: readonly (readonly TitleRow[])[]): TitleRow[] {
  const rows = new Map<string, TitleRow>();
  for (const row of readings.flat()) {
    const known = rows.get(row.key);
    if (known === undefined || known.updated < row.updated) rows.set(row.key, row);
  }
  return [...rows.values()].sort((a, b) => (a.updated < b.updated ? 1 : a.updated > b.updated ? -1 : 0));
}
