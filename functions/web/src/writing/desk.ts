// All that is being written: in this page's pens, and what was left behind by pages that are gone.

import { signal } from "@preact/signals";
import { type Note, type NoteId, nameOf } from "../note.ts";
import { begunComments, dropComments, forgetComments } from "./comment-drafts.ts";
import { dropAll, leftBehind, letGoBy, type Place, unsavedOf } from "./drafts.ts";
import { begin, type Editing, edit, isUnsaved } from "./editing.ts";
import { Pen } from "./pen.ts";

export const pens = signal<readonly Pen[]>([]);

/** Edits that a crash or a closed window left unsaved. */
export const left = signal<readonly Editing[]>([]);

let author = "";

/** How long other pages may take to save what is written in them before somebody is asked about it. */
const OTHERS_MS = 1_500;

/** What this page and others tell each other. */
type Told =
  /** To save what can be saved. */
  | { kind: "save" }
  /** These were deleted, after their author was asked. */
  | { kind: "dropped"; places: readonly Place[] };

/** Somebody sits down. Another's texts are not theirs to find, and wait for their author. */
export async function sitDown(username: string): Promise<void> {
  if (author !== username) layDown();
  author = username;
  await lookForLeft();
}

/**
 * Clears the desk of whoever leaves it. `unsaved` is deleted: what they were asked about. What was written since, here or in
 * another page, is kept for when they are back.
 */
export async function clear(unsaved: readonly Place[]): Promise<void> {
  drop(unsaved);
  layDown();
  others?.postMessage({ kind: "dropped", places: unsaved } satisfies Told);
  await dropAll(unsaved);
}

/** Saves all that can be saved, in this page and in others. Returns where everything is that could not. */
export async function saveAll(): Promise<Place[]> {
  others?.postMessage({ kind: "save" } satisfies Told);
  await Promise.all(pens.peek().map((pen) => pen.save()));
  const unsaved = pens.peek().filter(({ editing }) => isUnsaved(editing.peek()));
  const here = [...unsaved.map(({ place }) => place), ...begunComments()];
  const ours = new Set([...pens.peek().map(({ place }) => place), ...begunComments()].map(String));
  const elsewhere = async () => (await unsavedOf(author)).filter((place) => !ours.has(String(place)));
  await letGoBy(await elsewhere(), OTHERS_MS);
  return [...here, ...(await elsewhere())];
}

/** Forgets what is written in this page; what is kept in the browser stays. */
function layDown(): void {
  for (const pen of pens.peek()) pen.layDown();
  left.value = [];
  forgetComments();
  author = "";
}

/** Drops what is written in these places, if it is in this page. */
function drop(places: readonly Place[]): void {
  const dropped = new Set(places.map(String));
  const isDropped = (place: Place) => dropped.has(String(place));
  for (const pen of pens.peek()) if (isDropped(pen.place)) pen.drop();
  dropComments(isDropped);
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

/** The pen of a new note on a board: the one that was laid down last, if it was not left on purpose. */
export function compose(board: string): Pen {
  const isNew = ({ base, obstacle, ...id }: Editing) =>
    base === undefined && obstacle === undefined && id.board === board;
  const begun = pens.peek().find((pen) => !pen.left.peek() && isNew(pen.editing.peek()));
  if (begun !== undefined) return begun;
  const last = left.peek().findLast(isNew);
  return last === undefined
    ? take(begin(crypto.randomUUID(), { board, key: crypto.randomUUID() }), false)
    : take(last, true);
}

/** The pen of a note that is being edited, if it is. */
export function taken(id: NoteId): Pen | undefined {
  const isIt = (editing: Editing) => nameOf(editing) === nameOf(id);
  const pen = pens.peek().find(({ editing }) => isIt(editing.peek()));
  if (pen !== undefined) return pen;
  const begun = left.peek().findLast(isIt);
  return begun && take(begun, true);
}

export function rewrite(board: string, note: Note): Pen {
  return taken({ board, key: note.key }) ?? take(edit(crypto.randomUUID(), board, note), false);
}

function take(editing: Editing, resumed: boolean): Pen {
  const pen = new Pen(author, editing, resumed, (done) => {
    pens.value = pens.peek().filter((other) => other !== done);
  });
  left.value = left.peek().filter(({ id }) => id !== editing.id);
  pens.value = [...pens.peek(), pen];
  return pen;
}

/** The other pages of this browser. */
const others = typeof document === "undefined" ? undefined : new BroadcastChannel("notes-desk");
others?.addEventListener("message", ({ data }: MessageEvent<Told>) => {
  if (data.kind === "save") for (const pen of pens.peek()) pen.saveByItself();
  else drop(data.places);
});

// A page that is hidden may never be shown again.
if (typeof document !== "undefined") {
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const pen of pens.peek()) pen.saveByItself();
    else if (author !== "") void lookForLeft();
  });
}
