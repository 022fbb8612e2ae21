// A note while one reads it: which of two versions is shown, and what its end means.

import type { Note } from "../note.ts";

/** A note as it is pushed: without its body, where that is too long for a frame. */
export type PushedNote = Omit<Note, "body"> & Partial<Pick<Note, "body">>;

/** Why what is shown may not be how the note stands: it was kept from before, or a newer version could not be read. */
export type Doubt = { kind: "cached"; failure?: string } | { kind: "outdated"; failure: string };

export type Reading =
  | { state: "opening" }
  | { state: "shown"; note: Note; doubt?: Doubt }
  /** It was shown, and has been deleted since. */
  | { state: "deleted"; note: Note }
  /** There is no note of that key. */
  | { state: "none" }
  | { state: "failed"; message: string };

/** Whether a note that arrives is newer than what is shown, however it comes and however late. */
export function isNews(reading: Reading, arrived: PushedNote): boolean {
  switch (reading.state) {
    case "shown":
      // A note that was made anew under the key of one that was deleted begins with version 1 again.
      return arrived.created === reading.note.created
        ? arrived.version > reading.note.version
        : arrived.created > reading.note.created;
    case "deleted":
      return arrived.created !== reading.note.created;
    default:
      return true;
  }
}

/** Before the server was heard: what this browser kept of the note. */
export function recall(reading: Reading, kept: Note): Reading {
  switch (reading.state) {
    case "opening":
      return { state: "shown", note: kept, doubt: { kind: "cached" } };
    case "failed":
      return { state: "shown", note: kept, doubt: { kind: "cached", failure: reading.message } };
    default:
      return reading;
  }
}

/** After a whole note arrived from the server. It takes away the doubt, even where it is no news. */
export function show(reading: Reading, arrived: Note): Reading {
  if (isNews(reading, arrived)) return { state: "shown", note: arrived };
  if (reading.state !== "shown" || reading.doubt?.kind !== "cached") return reading;
  return { state: "shown", note: reading.note };
}

/** After the note was found to be gone. */
export function end(reading: Reading): Reading {
  switch (reading.state) {
    case "shown":
      return { state: "deleted", note: reading.note };
    case "deleted":
      return reading;
    default:
      return { state: "none" };
  }
}

/** After the note could not be read, of which `awaited` was announced, if anything was. */
export function fail(reading: Reading, message: string, awaited?: PushedNote): Reading {
  switch (reading.state) {
    case "opening":
    case "failed":
      return { state: "failed", message };
    case "shown":
      if (awaited !== undefined && isNews(reading, awaited)) {
        return { ...reading, doubt: { kind: "outdated", failure: message } };
      }
      return reading.doubt?.kind === "cached" ? { ...reading, doubt: { kind: "cached", failure: message } } : reading;
    default:
      return reading;
  }
}
