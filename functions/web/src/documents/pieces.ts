// Merges edits into updates that fit into a request.

import { decodeUpdate, mergeUpdates } from "yjs";
import { MAX_REQUEST_BYTES } from "./limits.ts";
import type { Edit } from "./unsent.ts";

/** Edits that are sent together, and the update that has all of them. */
export interface Piece {
  edits: readonly Edit[];
  update: Uint8Array;
}

/** Merges edits in their order. Each piece is as large as a request allows. */
export function piecesOf(edits: readonly Edit[]): Piece[] {
  const pieces: Edit[][] = [];
  let room = 0;
  for (const edit of edits) {
    const size = edit.update.length;
    if (size > room) {
      pieces.push([]);
      room = MAX_REQUEST_BYTES;
    }
    pieces.at(-1)?.push(edit);
    room -= size;
  }
  return pieces.map(merged);
}

/** Returns edits as pieces of one edit each. */
export function separated({ edits }: Piece): Piece[] {
  return edits.map((edit) => merged([edit]));
}

/** Updates to merge at once. The time of merging grows faster than their number. */
const BATCH = 32;

function merged(edits: readonly Edit[]): Piece {
  let updates = edits.map(({ update }) => update);
  while (updates.length > 1) {
    const batches = Array.from({ length: Math.ceil(updates.length / BATCH) }, (_, at) =>
      updates.slice(at * BATCH, (at + 1) * BATCH),
    );
    updates = batches.map((batch) => (batch.length === 1 ? batch[0]! : mergeUpdates(batch)));
  }
  return { edits, update: updates[0]! };
}

/** Returns whether bytes are an update of a document. */
export function isUpdate(bytes: Uint8Array): boolean {
  try {
    decodeUpdate(bytes);
    return true;
  } catch {
    return false;
  }
}
