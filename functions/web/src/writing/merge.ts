// What two people made of one text becomes one text again, line by line.

import { type Draft, titleLooksTheSame } from "../note.ts";
import { type Hunk, hunks } from "./hunks.ts";
import { lines } from "./lines.ts";

export interface Merged {
  text: string;
  /** In how many places both changed the same lines. Both versions stand there, between marks, for a person to tidy. */
  conflicts: number;
}

export interface MergedDraft {
  draft: Draft;
  conflicts: number;
}

/** What the marks of a conflict call the two. */
export interface Labels {
  mine: string;
  theirs: string;
}

const LABELS: Labels = { mine: "mine", theirs: "theirs" };

/** Both titles and texts. Of two new titles mine stays, since only one can; that counts as a conflict. */
export function mergeDraft(base: Draft, mine: Draft, theirs: Draft, labels = LABELS): MergedDraft {
  const { text, conflicts } = merge(base.body, mine.body, theirs.body, labels);
  if (titleLooksTheSame(mine.title, base.title) || titleLooksTheSame(mine.title, theirs.title)) {
    return { draft: { title: theirs.title, body: text }, conflicts };
  }
  const onlyMine = titleLooksTheSame(theirs.title, base.title);
  return { draft: { title: mine.title, body: text }, conflicts: conflicts + (onlyMine ? 0 : 1) };
}

export function merge(base: string, mine: string, theirs: string, labels = LABELS): Merged {
  const was = lines(base);
  const [ours, others] = [hunks(was, lines(mine)), hunks(was, lines(theirs))];
  // Who changed nothing has nothing to add, not even their line ends.
  if (ours.length === 0) return { text: theirs, conflicts: 0 };
  if (others.length === 0) return { text: mine, conflicts: 0 };

  const merged: string[][] = [];
  let conflicts = 0;
  let line = 0;
  for (const place of places(ours, others)) {
    merged.push(was.slice(line, place.start));
    line = place.end;
    const [my, their] = [version(was, place, place.ours), version(was, place, place.others)];
    if (place.others.length === 0 || same(my, their)) merged.push(my);
    else if (place.ours.length === 0) merged.push(their);
    else {
      conflicts += 1;
      merged.push([`<<<<<<< ${labels.mine}`], my, ["======="], their, [`>>>>>>> ${labels.theirs}`]);
    }
  }
  merged.push(was.slice(line));
  return { text: merged.flat().join("\n"), conflicts };
}

/** Lines of the base that one changed, or both: what they changed touches. */
interface Place {
  start: number;
  end: number;
  ours: Hunk[];
  others: Hunk[];
}

function places(ours: Hunk[], others: Hunk[]): Place[] {
  const all = [...ours.map((hunk) => ({ hunk, mine: true })), ...others.map((hunk) => ({ hunk, mine: false }))];
  all.sort((one, other) => one.hunk.start - other.hunk.start);
  const found: Place[] = [];
  for (const { hunk, mine } of all) {
    let place = found.at(-1);
    if (place === undefined || hunk.start > place.end) {
      place = { start: hunk.start, end: hunk.end, ours: [], others: [] };
      found.push(place);
    }
    place.end = Math.max(place.end, hunk.end);
    (mine ? place.ours : place.others).push(hunk);
  }
  return found;
}

/** What one made of a place. */
function version(base: string[], { start, end }: Place, changes: Hunk[]): string[] {
  const made: string[][] = [];
  let line = start;
  for (const hunk of changes) {
    made.push(base.slice(line, hunk.start), hunk.lines);
    line = hunk.end;
  }
  made.push(base.slice(line, end));
  return made.flat();
}

function same(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
