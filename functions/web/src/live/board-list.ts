// The list of the user's boards.

import type { Board } from "../server/boards.ts";

export interface BoardList {
  /** In the order of the server. */
  boards: readonly Board[];
  /** Whether the list is from an earlier visit. Then it may lack boards. */
  cached: boolean;
}

/** Returns the list after a note of a board has changed. An earlier time than the known one changes nothing. */
export function changed(list: BoardList | undefined, board: string, time: string): BoardList | undefined {
  const isNews = list?.boards.some(({ id, changed = "" }) => id === board && changed < time);
  if (list === undefined || !isNews) return list;
  return { ...list, boards: list.boards.map((one) => (one.id === board ? { ...one, changed: time } : one)) };
}
