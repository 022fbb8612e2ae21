// The number of notes on the open board.

import { effect, signal } from "@preact/signals";
import { openBoard, titles } from "../live/channel.ts";
import * as api from "../server/api.ts";
import { Problem } from "../server/problem.ts";

/** Minimum interval between requests for the count. */
const SELDOM_MS = 5_000;

/** The interval after a failed request, unless the server says how long to wait. */
const AFTER_FAILURE_MS = 60_000;

/** The number of notes, if it is known. */
export const count = signal<number | undefined>(undefined);

let asking = false;

/** Updates the count while the list changes. */
export function keepCount(): void {
  effect(() => {
    const list = titles.value;
    if (list === undefined) count.value = undefined;
    else if (!list.more) count.value = list.notelist.length;
    else void ask();
  });
}

/** Requests the count. One request is in progress at a time, and changes during a pause lead to one request. */
async function ask(): Promise<void> {
  const board = openBoard.peek();
  if (asking || board === undefined) return;
  asking = true;
  const counted = titles.peek();
  let pause = SELDOM_MS;
  let failed = false;
  try {
    const response = await api.count(board);
    if (board === openBoard.peek()) count.value = response;
  } catch (error) {
    failed = true;
    const seconds = error instanceof Problem ? error.retryAfter : undefined;
    pause = seconds === undefined ? AFTER_FAILURE_MS : seconds * 1_000;
  }
  await new Promise((passed) => setTimeout(passed, pause));
  asking = false;
  if ((failed || titles.peek() !== counted) && titles.peek()?.more) void ask();
}
