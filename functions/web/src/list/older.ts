// The titles after the end of the live list, read when the user scrolls to them.

import { signal } from "@preact/signals";
import { openBoard, titles } from "../live/channel.ts";
import { beyond, merge } from "../live/titles.ts";
import type { TitleList, TitleRow } from "../note.ts";
import * as api from "../server/api.ts";

/** The rows read so far, and the cursor of the next page. Nothing before the user asks for more. */
const read = signal<{ rows: TitleRow[]; cursor: string | undefined } | undefined>(undefined);

/** The reason, if the last attempt to read a page failed. */
export const failure = signal<string | undefined>(undefined);

let before: TitleList | undefined;
titles.subscribe((now) => {
  const rows = read.peek();
  if (now === undefined) {
    read.value = undefined;
    failure.value = undefined;
  } else if (rows !== undefined && before !== undefined) {
    const listed = new Set(now.notelist.map((row) => row.key));
    // Rows that leave the list follow its end now. If all of them left, there is a gap, so older rows are read again.
    const connects = before.notelist.some((row) => listed.has(row.key));
    read.value = connects ? { ...rows, rows: merge(rows.rows, before.notelist) } : undefined;
  }
  before = now;
});

export function olderRows(): TitleRow[] {
  return beyond(titles.value, read.value?.rows ?? []);
}

export function hasOlder(): boolean {
  return (titles.value?.more ?? false) && (read.value === undefined || read.value.cursor !== undefined);
}

let reading: { board: string; done: Promise<void> } | undefined;

/** Reads the next page, unless a read is in progress. */
export function readOlder(): Promise<void> {
  const board = openBoard.peek();
  if (board === undefined) return Promise.resolve();
  if (reading?.board === board) return reading.done;
  const ended = (reason: string | undefined) => {
    if (reading?.board !== board) return;
    reading = undefined;
    if (board === openBoard.peek()) failure.value = reason;
  };
  const done = readOn(board).then(
    () => ended(undefined),
    (error: Error) => ended(error.message),
  );
  reading = { board, done };
  return done;
}

/** Reads pages until one has a row that is not shown yet. The first page repeats the live list. */
async function readOn(board: string): Promise<void> {
  const shown = olderRows().length;
  do {
    const known = read.value;
    const page = await api.titles(board, known?.cursor);
    // The user has opened another board meanwhile.
    if (board !== openBoard.peek()) return;
    read.value = { rows: merge(known?.rows ?? [], page.notelist), cursor: page.cursor };
  } while (olderRows().length === shown && hasOlder());
}
