// An edit from its beginning to the moment it is saved, whatever others do to the note in between.

import { sameText, type Draft, type Note } from "./note.ts";

/** What stands in the way of saving: another's version of the note, or that the note was deleted. */
export type Obstacle = { kind: "changed"; theirs: Note } | { kind: "deleted" };

export interface Editing {
  key: string;
  draft: Draft;
  /** The version that the draft replaces when it is saved; without one, saving creates the note. */
  base: number | undefined;
  /** What the person has to decide about before anything is saved over it. */
  obstacle: Obstacle | undefined;
}

/** How the attempt to write ended. */
export type WriteOutcome =
  | { kind: "saved"; note: Note }
  /** The note is not at the version that was to be replaced, or exists already. */
  | { kind: "stale"; current: Note }
  | { kind: "gone" };

/** A note that does not exist yet, under a key of ours: to repeat its creation makes no second note. */
export function begin(key: string): Editing {
  return { key, draft: { title: "", body: "" }, base: undefined, obstacle: undefined };
}

export function edit(note: Note): Editing {
  return { key: note.key, draft: { title: note.title, body: note.body }, base: note.version, obstacle: undefined };
}

/**
 * Where an edit stands after an attempt to save it: done with the note that was saved, or still open.
 *
 * From here on it replaces the version that the person is shown: saving again is their choice.
 */
export function settle(editing: Editing, outcome: WriteOutcome): { done: Note } | { open: Editing } {
  switch (outcome.kind) {
    case "saved":
      return { done: outcome.note };
    case "stale":
      // The answer to an earlier attempt was lost, or somebody wrote the same: there is nothing to choose.
      if (sameText(outcome.current, editing.draft)) return { done: outcome.current };
      return {
        open: { ...editing, base: outcome.current.version, obstacle: { kind: "changed", theirs: outcome.current } },
      };
    case "gone":
      return { open: { ...editing, base: undefined, obstacle: { kind: "deleted" } } };
  }
}
