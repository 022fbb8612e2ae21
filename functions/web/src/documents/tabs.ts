// What the tabs of this browser tell each other about documents, also without a connection.

import { type NoteId, nameOf } from "../note.ts";
import type { Edit, EditKey } from "./unsent.ts";

type TabMessage =
  /** An edit that was made in a tab. */
  | { kind: "edit"; user: string; note: NoteId; edit: Edit }
  /** The server has stored edits. */
  | { kind: "stored"; user: string; note: NoteId; edits: readonly EditKey[] }
  /** A new note exists now. */
  | { kind: "created"; user: string; note: NoteId; document: string }
  /** What was unsent of notes was deleted, after their author was asked. */
  | { kind: "dropped"; user: string; notes: readonly NoteId[] }
  /** Sends what is unsent. */
  | { kind: "flush"; user: string };

/** Handlers of what other tabs do to a note. */
export interface NoteListener {
  edited(edit: Edit): void;
  stored(edits: ReadonlySet<string>): void;
  created(document: string): void;
  dropped(): void;
}

const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("notes-documents");
const listeners = new Set<(message: TabMessage) => void>();

channel?.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => {
  for (const listener of listeners) listener(data);
});

/** Sends a message to the other tabs. */
export function tell(message: TabMessage): void {
  channel?.postMessage(message);
}

/** Listens to requests to send what is unsent. */
export function onFlush(listener: (user: string) => void): void {
  listeners.add((message) => {
    if (message.kind === "flush") listener(message.user);
  });
}

/** Listens to what other tabs of a user do to a note. Returns a function that stops it. */
export function followNote(user: string, note: NoteId, listener: NoteListener): () => void {
  const isThis = (other: NoteId) => nameOf(other) === nameOf(note);
  const receive = (message: TabMessage) => {
    if (message.user !== user) return;
    if (message.kind === "edit" && isThis(message.note)) listener.edited(message.edit);
    else if (message.kind === "stored" && isThis(message.note)) listener.stored(new Set(message.edits.map(String)));
    else if (message.kind === "created" && isThis(message.note)) listener.created(message.document);
    else if (message.kind === "dropped" && message.notes.some(isThis)) listener.dropped();
  };
  listeners.add(receive);
  return () => listeners.delete(receive);
}
