// The messages between a tab and the hub. A tab sends requests, and the hub sends the current state.

import type { NoteId, TitleList } from "../note.ts";
import type { PlainProblem } from "../server/problem.ts";
import type { BoardList } from "./board-list.ts";
import type { CommentList } from "./comments.ts";
import type { Connection } from "./connection.ts";
import type { News } from "./news.ts";
import type { Presence } from "./presence.ts";
import type { Reading } from "./reading.ts";

/** The first message of a tab. */
export interface Greeting {
  /** The name of a lock that the tab holds until it is closed. */
  lock: string;
}

/** An open note, as all tabs that have it open show it. */
export interface NoteState {
  reading: Reading;
  comments: CommentList;
  presence: Presence;
  /** The latest change to the note, if there was one. */
  news: News | undefined;
  /** The document of the note, while its edits can be sent over the live connection. */
  document: string | undefined;
}

/** A socket of another reader of a note. */
export interface Sender {
  socket: string;
  username: string;
}

/** What happens to the document of a note. */
export type DocumentEvent =
  /**
   * The document may have changed: what `vector` lacks is in `update`, if that fits into a frame. Otherwise the tab reads
   * what it lacks over HTTP. Without a live connection, the id of the document is not known.
   */
  | { kind: "document"; document?: string; vector?: Uint8Array; update?: Uint8Array }
  /** An edit. It has no sender if it is repeated, in case somebody missed it. */
  | { kind: "edit"; document: string; update: Uint8Array; from?: Sender; cursor?: string }
  /** The caret of a reader has moved, or is hidden. */
  | { kind: "cursor"; from: Sender; cursor: string | null };

/** A change to a note. The hub sends a response. */
export type NoteAction =
  /** An edit of the document, and the caret after it. The response says that the server has stored it. */
  | { kind: "edit"; document: string; update: Uint8Array; cursor: string | null | undefined }
  | { kind: "create-comment"; id: string; message: string }
  | { kind: "delete-comment"; id: string }
  | { kind: "read-older-comments" };

export type FromTab =
  /** The user is signed in at this tab, with a new session or one that the browser had. */
  | { kind: "enter"; username: string; newSession: boolean }
  /** The user is no longer signed in at this tab. */
  | { kind: "leave" }
  /** The user has another display name. */
  | { kind: "renamed" }
  /** The board whose list the tab shows. */
  | { kind: "board"; board: string | undefined }
  /** Reads the list of boards again, after the user changed it. The hub sends a response. */
  | { kind: "read-boards"; id: number }
  | { kind: "open"; note: NoteId }
  | { kind: "close"; note: NoteId }
  /** Reads the note again, since the shown state may be old. */
  | { kind: "reload"; note: NoteId }
  /** Asks for the event `document`, if it has arrived already. */
  | { kind: "document"; note: NoteId }
  /** Shows others the caret of this tab, or hides it. */
  | { kind: "cursor"; note: NoteId; cursor: string | null }
  | { kind: "request"; id: number; note: NoteId; action: NoteAction };

export type FromHub =
  | { kind: "connection"; connection: Connection }
  | { kind: "boards"; boards: BoardList | undefined }
  | { kind: "titles"; board: string; titles: TitleList | undefined }
  | { kind: "note"; note: NoteId; state: Partial<NoteState> }
  | { kind: "document-event"; note: NoteId; event: DocumentEvent }
  | { kind: "response"; id: number; problem?: PlainProblem }
  /** The session has ended. */
  | { kind: "ended" }
  /** A user has signed in at another tab. */
  | { kind: "entered"; username: string };
