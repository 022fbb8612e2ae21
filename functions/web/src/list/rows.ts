// The rows that the list shows.

import { computed, signal } from "@preact/signals";
import { isDeleted } from "../deletion.ts";
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
    all.filter((row) => !isDeleted(openBoard.value ?? "", row)),
    query.value,
    ({ title }) => title,
  );
});
