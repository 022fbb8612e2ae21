// The time, as often as words for it change.

import { signal } from "@preact/signals";
import { messages } from "./messages.ts";

const TICK_MS = 10_000;

const now = signal(Date.now());

setInterval(() => (now.value = Date.now()), TICK_MS);
// A hidden page's clock hardly ticks.
if (typeof document !== "undefined") addEventListener("visibilitychange", () => (now.value = Date.now()));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago a moment was, up to a week; then its date. */
export function ago(moment: Date, since: number): string {
  const elapsed = since - moment.getTime();
  if (elapsed < MINUTE) return messages.time.justNow;
  if (elapsed < HOUR) return messages.time.ago(Math.floor(elapsed / MINUTE), "minute");
  if (elapsed < DAY) return messages.time.ago(Math.floor(elapsed / HOUR), "hour");
  if (elapsed < 7 * DAY) return messages.time.ago(Math.floor(elapsed / DAY), "day");
  return messages.time.date(moment);
}

/** The same, and it stays true: whoever shows it is shown anew. */
export function agoNow(moment: Date): string {
  return ago(moment, now.value);
}
