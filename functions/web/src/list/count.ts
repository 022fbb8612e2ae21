// How many notes there are in all.

import { effect, signal } from "@preact/signals";
import { titles } from "../live/channel.ts";
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
  if (asking) return;
  asking = true;
  const about = titles.peek();
  count.value = await api.count().catch(() => count.peek());
  await new Promise((passed) => setTimeout(passed, SELDOM_MS));
  asking = false;
  if (titles.peek() !== about && titles.peek()?.more) void ask();
}
