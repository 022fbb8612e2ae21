// The longest text of a note. An edit that would make it longer is not made.

import { EditorState, type Extension } from "@codemirror/state";
import { ySyncAnnotation } from "y-codemirror.next";

/** Maximum size of a text in UTF-8, as on the server. */
export const MAX_BYTES = 262_144;

/** Maximum number of bytes of one UTF-16 code unit in UTF-8. */
const MOST_PER_UNIT = 3;

/** Refuses edits of this person beyond the limit, and calls `refused` then. Edits of others always arrive. */
export function limit(refused: () => void): Extension {
  return EditorState.changeFilter.of((transaction) => {
    const { startState, newDoc } = transaction;
    if (newDoc.length <= startState.doc.length || transaction.annotation(ySyncAnnotation) !== undefined) return true;
    if (newDoc.length * MOST_PER_UNIT <= MAX_BYTES || bytesOf(newDoc.toString()) <= MAX_BYTES) return true;
    refused();
    return false;
  });
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
