// Versions by the day on which they were written.

import { messages } from "../../messages.ts";
import type { Version } from "../../server/versions.ts";

export interface Day {
  /** The date in words. */
  name: string;
  versions: Version[];
}

/** Groups versions, which are sorted by time, by day. */
export function byDay(versions: readonly Version[]): Day[] {
  const days: Day[] = [];
  for (const version of versions) {
    const name = messages.time.date(new Date(version.updated));
    const last = days.at(-1);
    if (last?.name === name) last.versions.push(version);
    else days.push({ name, versions: [version] });
  }
  return days;
}
