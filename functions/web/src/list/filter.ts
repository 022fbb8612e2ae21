// Which rows of the list somebody is looking for.

import type { TitleRow } from "../note.ts";

/** A text as it is compared: without case and accents. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The rows whose titles have every word of `query` in them, in any order. */
export function matching(rows: readonly TitleRow[], query: string): readonly TitleRow[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ title }) => {
    const text = plain(title);
    return words.every((word) => text.includes(word));
  });
}
