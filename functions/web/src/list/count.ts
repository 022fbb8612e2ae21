// How many notes there are on the open board.

import { effect, signal } from "@preact/signals";
import { openBoard, titles } from "../live/channel.ts";
import * as api from "../server/api.ts";

/** How often the server is asked at most, where the list does not say. */
const SELDOM_MS = 5_000;

/** Nothing where it is not known. */
export const count = signal<number | undefined>(undefined);

let asking = false;

/** Keeps the count true while the list changes. */
export function keepCount(): void {
  effect(() => {
    const list = titles.value;
    if (list === undefined) count.value = undefined;
    else if (!list.more) count.value = list.notelist.length;
    else void ask();
  });
}

/** One question at a time, and after it a pause: what changed meanwhile is asked for once. */
async function ask(): Promise<void> {
  const board = openBoard.peek();
  if (asking || board === undefined) return;
  asking = true;
  const about = titles.peek();
  const counted = await api.count(board).catch(() => count.peek());
  if (board === openBoard.peek()) count.value = counted;
  await new Promise((passed) => setTimeout(passed, SELDOM_MS));
  asking = false;
  if (titles.peek() !== about && titles.peek()?.more) void ask();
}
