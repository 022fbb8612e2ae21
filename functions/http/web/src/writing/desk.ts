// All that is being written: in this page's pens, and what was left behind by pages that are gone.

import { signal } from "@preact/signals";
import type { Note } from "../note.ts";
import { forgetComments } from "./comment-drafts.ts";
import { keepOnlyOf, leftBehind } from "./drafts.ts";
import { begin, edit, isUnsaved, type Editing } from "./editing.ts";
import { Pen } from "./pen.ts";

export const pens = signal<readonly Pen[]>([]);

/** Edits that a crash or a closed window left unsaved. */
export const left = signal<readonly Editing[]>([]);

let author = "";

/** Somebody sits down. Another's texts are not theirs to find. */
export async function sitDown(username: string): Promise<void> {
  if (author !== "" && author !== username) pens.value = [];
  author = username;
  await keepOnlyOf(username);
  await lookForLeft();
}

/** Clears it: whoever signs out leaves nothing behind. */
export async function clear(): Promise<void> {
  for (const pen of pens.peek()) pen.drop();
  left.value = [];
  forgetComments();
  await keepOnlyOf(undefined);
}

/** Saves all that can be saved. Says how many texts could not. */
export async function saveAll(): Promise<number> {
  await Promise.all(pens.peek().map((pen) => pen.save()));
  return left.peek().length + pens.peek().filter(({ editing }) => isUnsaved(editing.peek())).length;
}

/** Looks for what pages left that have gone since. */
async function lookForLeft(): Promise<void> {
  const ours = new Set(pens.peek().map(({ editing }) => editing.peek().id));
  left.value = (await leftBehind(author)).filter(({ id }) => !ours.has(id));
}

/** Whether something is being written here. */
export function isWriting(): boolean {
  return pens.peek().some(({ left, editing }) => !left.peek() || isUnsaved(editing.peek()));
}

/** The pen of a new note: the one that was laid down last, if it was not left on purpose. */
export function compose(): Pen {
  const isNew = ({ base, obstacle }: Editing) => base === undefined && obstacle === undefined;
  const begun = pens.peek().find((pen) => !pen.left.peek() && isNew(pen.editing.peek()));
  if (begun !== undefined) return begun;
  const last = left.peek().findLast(isNew);
  return last === undefined ? take(begin(crypto.randomUUID(), crypto.randomUUID()), false) : take(last, true);
}

/** The pen of a note that is being edited, if it is. */
export function taken(key: string): Pen | undefined {
  const pen = pens.peek().find(({ editing }) => editing.peek().key === key);
  if (pen !== undefined) return pen;
  const begun = left.peek().findLast((editing) => editing.key === key);
  return begun && take(begun, true);
}

export function rewrite(note: Note): Pen {
  return taken(note.key) ?? take(edit(crypto.randomUUID(), note), false);
}

function take(editing: Editing, resumed: boolean): Pen {
  const pen = new Pen(author, editing, resumed, (done) => {
    pens.value = pens.peek().filter((other) => other !== done);
  });
  left.value = left.peek().filter(({ id }) => id !== editing.id);
  pens.value = [...pens.peek(), pen];
  return pen;
}

// A page that is hidden may never be shown again.
if (typeof document !== "undefined") {
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const pen of pens.peek()) pen.saveByItself();
    else if (author !== "") void lookForLeft();
  });
}
