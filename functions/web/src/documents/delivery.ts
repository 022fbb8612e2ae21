// Sends edits in pieces that fit into a request.

import { Problem } from "../server/problem.ts";
import { type Piece, piecesOf, separated } from "./pieces.ts";
import type { Edit } from "./unsent.ts";

/**
 * Sends edits. Calls `acknowledged` with each piece that the server has stored. An edit that is malformed does not stop the
 * others. Throws the Problem of a piece that was not stored.
 */
export async function deliver(
  edits: readonly Edit[],
  send: (update: Uint8Array) => Promise<void>,
  acknowledged: (piece: Piece) => void,
): Promise<void> {
  const pieces = piecesOf(edits);
  let malformed: Problem | undefined;
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    try {
      await send(piece.update);
      acknowledged(piece);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "malformed-update") throw error;
      if (piece.edits.length > 1) pieces.unshift(...separated(piece));
      else malformed = error;
    }
  }
  if (malformed !== undefined) throw malformed;
}
