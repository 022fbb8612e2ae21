// An edit from its beginning to its end, whatever others do to the note in between.

import { type Draft, looksTheSame, type Note, type NoteId, sameText } from "../note.ts";
import type { WriteOutcome } from "../server/api.ts";

/** What stands in the way of saving: another's version of the note, or that the note was deleted. */
export type Obstacle = { kind: "changed"; theirs: Note } | { kind: "deleted" };

/** The version that a draft replaces when it is saved, and what it said: what both sides began from. */
export interface Base extends Draft {
  version: number;
  /** What was sent to make this version, where the server tidied it. */
  sent?: Draft;
}

export interface Editing extends NoteId {
  /** Of this edit: a note may be edited in two windows. */
  id: string;
  draft: Draft;
  /** Without one, saving creates the note. */
  base: Base | undefined;
  /** What the person has to decide about before anything is saved over it. */
  obstacle: Obstacle | undefined;
}

/** A note that does not exist yet, under a key of ours: to repeat its creation makes no second note. */
export function begin(id: string, { board, key }: NoteId): Editing {
  return { id, board, key, draft: { title: "", body: "" }, base: undefined, obstacle: undefined };
}

export function edit(id: string, board: string, note: Note): Editing {
  const { key, title, body } = note;
  return { id, board, key, draft: { title, body }, base: baseOf(note), obstacle: undefined };
}

/** Whether there is something that is not saved. */
export function isUnsaved({ draft, base }: Editing): boolean {
  const saved = base ?? { title: "", body: "" };
  return !sameText(draft, saved) && !(base?.sent && sameText(draft, base.sent));
}

/** After an attempt to save `sent`. What was typed meanwhile is still to be saved. */
export function settle(editing: Editing, sent: Draft, outcome: WriteOutcome): Editing {
  switch (outcome.kind) {
    case "saved":
      return { ...editing, base: baseOf(outcome.note, sent), obstacle: undefined };
    case "stale":
      // The answer to an earlier attempt was lost, or somebody wrote the same: there is nothing to choose. Where the texts
      // differ in what nobody sees, the next attempt writes over it.
      if (looksTheSame(outcome.current, sent))
        return { ...editing, base: baseOf(outcome.current), obstacle: undefined };
      return { ...editing, obstacle: { kind: "changed", theirs: outcome.current } };
    case "gone":
      return { ...editing, obstacle: { kind: "deleted" } };
  }
}

/** After another version of the note was seen. Who has written nothing yet goes on from there. */
export function follow(editing: Editing, note: Note): Editing {
  const { base, obstacle } = editing;
  if (base === undefined) return editing;
  if (obstacle?.kind === "changed") {
    return note.version > obstacle.theirs.version
      ? { ...editing, obstacle: { kind: "changed", theirs: note } }
      : editing;
  }
  if (obstacle !== undefined || note.version <= base.version || isUnsaved(editing)) return editing;
  return edit(editing.id, editing.board, note);
}

/** After the note was seen to be gone. */
export function lose(editing: Editing): Editing {
  return editing.base === undefined ? editing : { ...editing, obstacle: { kind: "deleted" } };
}

/** The person's choice to save `draft` over what stands in the way. */
export function overwrite(editing: Editing, draft: Draft): Editing {
  const { obstacle } = editing;
  if (obstacle === undefined) return editing;
  return {
    ...editing,
    draft,
    base: obstacle.kind === "changed" ? baseOf(obstacle.theirs) : undefined,
    obstacle: undefined,
  };
}

function baseOf({ version, title, body }: Note, sent?: Draft): Base {
  const base = { version, title, body };
  return sent === undefined || sameText(base, sent) ? base : { ...base, sent };
}
