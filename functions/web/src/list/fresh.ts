// The rows that have just come or changed: they are marked for a moment.

import { signal } from "@preact/signals";
import { titles } from "../live/channel.ts";
import type { TitleList } from "../note.ts";

const MARKED_MS = 3_000;

export const fresh = signal<ReadonlySet<string>>(new Set());

let before: TitleList | undefined;
titles.subscribe((now) => {
  const changed = before === undefined || now === undefined ? [] : newIn(before, now);
  before = now;
  // Keys name notes of one board only.
  if (now === undefined) fresh.value = new Set();
  if (changed.length === 0) return;
  fresh.value = new Set([...fresh.peek(), ...changed]);
  setTimeout(() => {
    fresh.value = new Set([...fresh.peek()].filter((key) => !changed.includes(key)));
  }, MARKED_MS);
});

/** Returns the keys of new and changed rows. A row that moves into the list because others left is old. */
export function newIn(before: TitleList, now: TitleList): string[] {
  const known = new Map(before.notelist.map(({ key, updated }) => [key, updated]));
  const end = before.more ? (before.notelist.at(-1)?.updated ?? "") : "";
  return now.notelist.filter(({ key, updated }) => known.get(key) !== updated && updated > end).map(({ key }) => key);
}
