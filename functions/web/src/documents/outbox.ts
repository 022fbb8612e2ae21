// Sends what is unsent of notes that are not open: from a crash, a closed tab, or a time without a connection.

import { encodeStateVectorFromUpdate, mergeUpdates } from "yjs";
import type { NoteId } from "../note.ts";
import { sendEdits } from "../server/documents.ts";
import { create, forgetNew } from "./create.ts";
import { deliver } from "./delivery.ts";
import { isUpdate } from "./pieces.ts";
import { saveTitle } from "./saved.ts";
import * as states from "./states.ts";
import { errorOf } from "./title.ts";
import * as unsent from "./unsent.ts";

/** Sends what is unsent of a note. Throws a Problem if the server does not take it. */
export async function sendUnsent(user: string, { note, edits, title, ...rest }: unsent.UnsentNote): Promise<void> {
  let { document } = rest;
  if (document === undefined && unsent.isNew({ note, edits, ...rest })) {
    const isGood = title !== undefined && errorOf(title) === undefined;
    document = (await create(user, note, isGood ? title : undefined)).document;
  }
  const idOf = (edit: unsent.Edit) => unsent.documentOf(edit) || document || "";
  for (const id of new Set(edits.map(idOf))) {
    const group = edits.filter((edit) => idOf(edit) === id && isUpdate(edit.update));
    await sendGroup(user, note, id, group);
  }
  await sendTitle(user, note);
  if (document !== undefined) await forgetNew(user, note);
}

/** Sends edits of one document. */
async function sendGroup(user: string, note: NoteId, document: string, edits: unsent.Edit[]): Promise<void> {
  const done: Promise<void>[] = [];
  const send = (update: Uint8Array) => sendEdits(note, document, update);
  await deliver(edits, send, ({ update, edits }) => {
    done.push(addToCache(user, note, document, update).then(() => unsent.remove(edits)));
  });
  await Promise.all(done);
}

/** Adds edits to the cached document, so that a visit without a connection shows them. */
async function addToCache(user: string, note: NoteId, document: string, update: Uint8Array): Promise<void> {
  await states.write(user, note, (cached) => {
    if (cached?.document !== document) return undefined;
    const state = mergeUpdates([cached.state, update]);
    return { document, state, vector: encodeStateVectorFromUpdate(state) };
  });
}

/** Sends the title that is still unsent. A new note may have been created with it. */
async function sendTitle(user: string, note: NoteId): Promise<void> {
  const { title } = await unsent.unsentIn(user, note);
  if (title === undefined || errorOf(title) !== undefined) return;
  await saveTitle(user, note, title);
  await unsent.change(user, note, (rest) => ({ title: rest.title === title ? undefined : rest.title }));
}
