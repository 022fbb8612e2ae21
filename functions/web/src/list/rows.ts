// The rows of the list, as they are shown.

import { computed, signal } from "@preact/signals";
import { isPending } from "../deletion.ts";
import { openBoard, titles } from "../live/channel.ts";
import { matching } from "./filter.ts";
import { olderRows } from "./older.ts";

/** What somebody typed to find a note. */
export const query = signal("");

// Another board is another list.
openBoard.subscribe(() => (query.value = ""));

/** Newest change first. */
export const rows = computed(() => {
  const all = [...(titles.value?.notelist ?? []), ...olderRows()];
  return matching(
    all.filter(({ key }) => !isPending({ board: openBoard.value ?? "", key })),
    query.value,
    ({ title }) => title,
  );
});
