// Copies the text of a note that was deleted, or that cannot be saved, into a new note.

import { effect, type ReadonlySignal } from "@preact/signals";
import { newNote } from "../../documents/new-note.ts";
import { openDocument } from "../../documents/open.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { NoteId } from "../../note.ts";

/** Returns the new note. The edits of the former one are discarded once the copy is in this browser's database. */
export async function keepAsNew(former: OpenDocument, board: string, username: string): Promise<NoteId> {
  const id = newNote(board);
  const copy = openDocument(id, username);
  await becomes(copy.state, "ready");
  copy.text.insert(0, former.text.toString());
  copy.setTitle(former.title.peek());
  await copy.flush();
  await former.discard();
  copy.close();
  return id;
}

function becomes<Value>(signal: ReadonlySignal<Value>, value: Value): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    stop = effect(() => {
      if (signal.value !== value) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
