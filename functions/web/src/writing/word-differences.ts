// In what two lines differ, word by word.

import { diffArrays } from "diff";

/** A piece of a line. */
export interface Part {
  text: string;
  changed: boolean;
}

/** Where words end is another matter in each script, and what stands between them is a word of its own here. */
const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

const LONGEST = 1_000;
const FARTHEST = 100;

/** The parts of both lines. Lines that have next to nothing in common are changed as a whole. */
export function wordDifferences(theirs: string, mine: string): { theirs: Part[]; mine: Part[] } {
  const whole = { theirs: [{ text: theirs, changed: true }], mine: [{ text: mine, changed: true }] };
  if (Math.max(theirs.length, mine.length) > LONGEST) return whole;
  const changes = diffArrays(words(theirs), words(mine), { maxEditLength: FARTHEST });
  if (changes === undefined) return whole;
  const parts = changes.map(({ value, added, removed }) => ({ text: value.join(""), added, removed }));
  const kept = parts.filter(({ added, removed }) => !added && !removed);
  const letters = kept.reduce((sum, { text }) => sum + text.trim().length, 0);
  if (letters === 0 || 4 * letters < Math.min(theirs.length, mine.length)) return whole;
  return {
    theirs: parts.filter(({ added }) => !added).map(({ text, removed }) => ({ text, changed: removed })),
    mine: parts.filter(({ removed }) => !removed).map(({ text, added }) => ({ text, changed: added })),
  };
}

function words(line: string): string[] {
  return Array.from(segmenter.segment(line), ({ segment }) => segment);
}
