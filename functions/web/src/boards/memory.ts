// The memory of this device: the board that was opened last, and the last change that was seen of each.

import { signal } from "@preact/signals";
import { TEAM } from "../note.ts";
import type { Board } from "../server/boards.ts";

const STORAGE_KEY = "notes-boards";

export interface Memory {
  /** The user of this memory. Another user of the device begins without one. */
  username: string;
  /** The board that was opened last. */
  last: string;
  /** When each board had changed when it was last seen. */
  seen: Readonly<Record<string, string>>;
}

const nothing: Memory = { username: "", last: TEAM, seen: {} };

export const memory = signal(nothing);

/** Recalls what the device remembers of a user. */
export function recallBoards(username: string): void {
  memory.value = { ...nothing, username };
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") as Partial<Memory>;
    if (stored.username === username) memory.value = { ...nothing, ...stored, username };
  } catch {
    // Without storage, the memory lasts until the page is closed.
  }
}

export function forgetBoards(): void {
  memory.value = nothing;
  try {
    localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Without storage, there is nothing to remove.
  }
}

/** Remembers that a board was opened. */
export function rememberOpened(board: string): void {
  if (memory.peek().last !== board) change((now) => ({ ...now, last: board }));
}

/** Remembers that the user has seen the changes of boards. An earlier time than the known one changes nothing. */
export function rememberSeen(changes: Readonly<Record<string, string>>): void {
  const { seen } = memory.peek();
  const isLater = ([board, time]: [string, string]) => seen[board] === undefined || time > seen[board];
  const later = Object.entries(changes).filter(isLater);
  if (later.length > 0) change((now) => ({ ...now, seen: { ...now.seen, ...Object.fromEntries(later) } }));
}

/** Returns whether a board has changed since this device last saw it. */
export function isUnread({ id, changed }: Pick<Board, "id" | "changed">, { seen }: Memory): boolean {
  return changed !== undefined && changed > (seen[id] ?? "");
}

/** Changes the memory, with what other tabs have added to it. */
function change(next: (now: Memory) => Memory): void {
  const { username, last, seen } = memory.peek();
  recallBoards(username);
  const stored = memory.peek();
  memory.value = next({ username, last, seen: { ...seen, ...stored.seen } });
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(memory.value));
  } catch {
    // Without storage, the memory lasts until the page is closed.
  }
}
