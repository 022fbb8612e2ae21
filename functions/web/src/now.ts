// The current time, updated as often as its wording changes.

import { signal } from "@preact/signals";
import { messages } from "./messages.ts";

const TICK_MS = 10_000;

const now = signal(Date.now());

setInterval(() => (now.value = Date.now()), TICK_MS);
// Timers of a hidden page are slow.
if (typeof document !== "undefined") addEventListener("visibilitychange", () => (now.value = Date.now()));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns the time since a moment in words, or its date after a week. */
export function ago(moment: Date, since: number): string {
  const elapsed = since - moment.getTime();
  if (elapsed < MINUTE) return messages.time.justNow;
  if (elapsed < HOUR) return messages.time.ago(Math.floor(elapsed / MINUTE), "minute");
  if (elapsed < DAY) return messages.time.ago(Math.floor(elapsed / HOUR), "hour");
  if (elapsed < 7 * DAY) return messages.time.ago(Math.floor(elapsed / DAY), "day");
  return messages.time.date(moment);
}

/** Returns the time since a moment in words. Components that show it are rendered again when it changes. */
export function agoNow(moment: Date): string {
  return ago(moment, now.value);
}
