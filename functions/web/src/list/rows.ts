// The rows that the list shows.

import { computed, signal } from "@preact/signals";
import { isPending } from "../deletion.ts";
import { openBoard, titles } from "../live/channel.ts";
import { matching } from "./filter.ts";
import { olderRows } from "./older.ts";

/** The words that the user typed to find a note. */
export const query = signal("");

// A search applies to one board.
openBoard.subscribe(() => (query.value = ""));

/** The rows, newest change first. */
export const rows = computed(() => {
  const all = [...(titles.value?.notelist ?? []), ...olderRows()];
  return matching(
    all.filter(({ key }) => !isPending({ board: openBoard.value ?? "", key })),
    query.value,
    ({ title }) => title,
  );
});
