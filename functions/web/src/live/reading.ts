// The state of a shown note: which of two versions is shown, and whether it was deleted.

import type { Note } from "../note.ts";

/** A pushed note. It has no body if that is too long for a frame. */
export type PushedNote = Omit<Note, "body"> & Partial<Pick<Note, "body">>;

/** The reason why the shown note may be stale: it came from the cache, or a newer version could not be read. */
export type Doubt = { kind: "cached"; failure?: string } | { kind: "outdated"; failure: string };

export type Reading =
  | { state: "opening" }
  | { state: "shown"; note: Note; doubt?: Doubt }
  /** The note was shown, and has been deleted since. */
  | { state: "deleted"; note: Note }
  /** No note has this key. */
  | { state: "none" }
  | { state: "failed"; message: string };

/** Returns whether an arriving note is newer than the shown one, for any source and order. */
export function isNews(reading: Reading, arrived: PushedNote): boolean {
  switch (reading.state) {
    case "shown":
      // A new note under the key of a deleted one may start at version 1 again.
      return arrived.created === reading.note.created
        ? arrived.version > reading.note.version
        : arrived.created > reading.note.created;
    case "deleted":
      // A restored note has a higher version than the one that was deleted.
      return arrived.created !== reading.note.created || arrived.version > reading.note.version;
    default:
      return true;
  }
}

/** Returns the state with the cached note, before the server has responded. */
export function recall(reading: Reading, cached: Note): Reading {
  switch (reading.state) {
    case "opening":
      return { state: "shown", note: cached, doubt: { kind: "cached" } };
    case "failed":
      return { state: "shown", note: cached, doubt: { kind: "cached", failure: reading.message } };
    default:
      return reading;
  }
}

/** Returns the state after a whole note arrived from the server. It is no longer stale, even if the version is the same. */
export function show(reading: Reading, arrived: Note): Reading {
  if (isNews(reading, arrived)) return { state: "shown", note: arrived };
  if (reading.state !== "shown" || reading.doubt?.kind !== "cached") return reading;
  // The cached note may be gone, and another one imported under its key that was created earlier.
  const isAnother = arrived.created !== reading.note.created;
  return { state: "shown", note: isAnother ? arrived : reading.note };
}

/** Returns the state after the note was found missing. */
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

/** Returns the state after the note could not be read. `awaited` is the version that was announced, if any. */
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
