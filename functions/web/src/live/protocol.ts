// What a page and the live part of the browser say to each other: the page what it wants, the live part how things stand.

import type { PlainProblem } from "../server/problem.ts";
import type { CommentList } from "./comments.ts";
import type { Connection } from "./connection.ts";
import type { Presence } from "./presence.ts";
import type { Reading } from "./reading.ts";
import type { TitleList } from "./titles.ts";

/** A note that is open, as all pages that have it open show it. */
export interface NoteState {
  reading: Reading;
  comments: CommentList;
  presence: Presence;
  /** What somebody did to the note just now, in words, for who does not see it. */
  news: string;
}

/** What a page asks to be done to a note, and is answered. */
export type Wish =
  | { wish: "create-comment"; id: string; message: string }
  | { wish: "delete-comment"; id: string }
  | { wish: "read-older-comments" };

export type FromPage =
  /** Somebody is signed in at this page: `anew`, or with a session that the browser had. */
  | { kind: "enter"; username: string; anew: boolean }
  /** Nobody is, any more. */
  | { kind: "leave" }
  | { kind: "open"; key: string }
  | { kind: "close"; key: string }
  /** Looks for the note anew: what is shown may be old, or was not there. */
  | { kind: "look"; key: string }
  | { kind: "ask"; id: number; key: string; wish: Wish };

export type FromLive =
  | { kind: "connection"; connection: Connection }
  | { kind: "titles"; titles: TitleList | undefined }
  | { kind: "note"; key: string; state: Partial<NoteState> }
  | { kind: "answer"; id: number; problem?: PlainProblem }
  /** The session has ended. */
  | { kind: "ended" }
  /** Somebody has signed in at another page. */
  | { kind: "entered"; username: string };
