// The boards of the user, as this tab shows them.

import { computed, effect, signal } from "@preact/signals";
import { boardList, connection, openBoard, readBoards, showBoard, titles } from "../live/channel.ts";
import { TEAM } from "../note.ts";
import { go, redirect, route, type Target } from "../route.ts";
import { serverTime } from "../server/api.ts";
import type { Board } from "../server/boards.ts";
import { session } from "../session.ts";
import { isUnread, memory, rememberOpened, rememberSeen } from "./memory.ts";

/** The boards in the order of the server, and whether each has changes that this device has not seen. */
export const boards = computed(() =>
  (boardList.value?.boards ?? []).map((board) => ({
    ...board,
    unread: board.id !== openBoard.value && isUnread(board, memory.value),
  })),
);

/** The right of the user on a board. Until the boards are known, the server decides. */
export type Access = "unknown" | "gone" | Board["role"];

/** Returns the board, if it is known. */
export function boardOf(id: string | undefined): Board | undefined {
  return boardList.value?.boards.find((board) => board.id === id);
}

export function accessTo(id: string): Access {
  const board = boardOf(id);
  if (board !== undefined) return board.role;
  return boardList.value === undefined || boardList.value.cached ? "unknown" : "gone";
}

/** Returns whether the user may write notes and comments. */
export function mayWrite(access: Access): boolean {
  return access !== "reader" && access !== "gone";
}

/** The dialog that is open: a switch to another board, or a new board. */
export const boardDialog = signal<"switch" | "new" | undefined>(undefined);

/** Goes to a route after the boards have changed, once the list shows the change. */
export async function goAfterChange(to: Target): Promise<void> {
  // If the list cannot be read now, it will be with the next connection.
  await readBoards().catch(() => {});
  go(to);
}

/** Goes to the first board after the user left or deleted another one. */
export function goToTeam(): void {
  go({ view: "list", board: TEAM });
  readBoards().catch(() => {});
}

/** The invitation that a visitor came with, to join after signing in. */
let invitation: string | undefined;

/** Follows the route, and keeps what the device remembers. */
export function followBoards(): void {
  effect(() => {
    const at = route.value;
    if (session.value.state === "out" && at.view === "join") invitation = at.token;
    if (session.value.state !== "in") {
      boardDialog.value = undefined;
      return showBoard(undefined);
    }
    if (at.view === "home" || at.view === "sign-up") {
      if (invitation !== undefined) route.value = { view: "join", token: invitation };
      else redirect({ view: "list", board: lastBoard() });
    }
    if (at.view === "join") invitation = undefined;
    showBoard("board" in at ? at.board : lastBoard());
  });
  effect(() => {
    const at = route.value;
    if (session.value.state === "in" && "board" in at && accessTo(at.board) !== "gone") rememberOpened(at.board);
  });
  effect(() => {
    const list = boardList.value;
    if (list === undefined || list.cached) return;
    // On the first visit of a device, nothing is new.
    const isFirst = Object.keys(memory.peek().seen).length === 0;
    const seen = list.boards.filter(({ id }) => isFirst || id === openBoard.value);
    rememberSeen(Object.fromEntries(seen.map(({ id, changed = "" }) => [id, changed])));
  });
  effect(() => {
    const board = openBoard.value;
    if (board === undefined || titles.value === undefined || connection.peek() !== "connected") return;
    rememberSeen({ [board]: new Date(serverTime()).toISOString() });
  });
}

/** Returns the board that was opened last, if it is still there. */
function lastBoard(): string {
  const { last } = memory.peek();
  return accessTo(last) === "gone" ? TEAM : last;
}
