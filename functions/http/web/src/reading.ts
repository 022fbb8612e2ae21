// A note while one reads it: which of two versions is shown, and what its end means.

import type { Note } from "./note.ts";

/** A note as it is pushed: without its body, where that is too long for a frame. */
export type PushedNote = Omit<Note, "body"> & Partial<Pick<Note, "body">>;

export type Reading =
  | { state: "opening" }
  /** `failure` says why it is not the newest version that is shown. */
  | { state: "shown"; note: Note; failure?: string }
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

/** After a whole note arrived. */
export function show(reading: Reading, arrived: Note): Reading {
  return isNews(reading, arrived) ? { state: "shown", note: arrived } : reading;
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
      return awaited !== undefined && isNews(reading, awaited) ? { ...reading, failure: message } : reading;
    default:
      return reading;
  }
}
