// Notes, comments and rows of titles, as the HTTP interface defines them.

/** The first board. It is always there, and all notes were on it before there were other boards. */
export const TEAM = "team";

/** The identity of a note: its board and its key. */
export interface NoteId {
  board: string;
  key: string;
}

/**
 * Returns the name of a note in the databases of this browser. A note of the first board has the name from before there were
 * boards, so that its drafts are found. Neither boards nor keys contain a slash.
 */
export function nameOf({ board, key }: NoteId): string {
  return board === TEAM ? key : `${board}/${key}`;
}

/** A note's row in a list of titles. */
export interface TitleRow {
  key: string;
  title: string;
  /** RFC 3339, UTC, with three decimals: it sorts as text. */
  updated: string;
  /** The user who changed the note last. Lists that older servers sent do not have it. */
  editor?: string;
}

/** The newest titles of a board, as the event `notetitles` brings them. The revision counts the changes of the board. */
export interface TitleList {
  revision: number;
  notelist: TitleRow[];
  /** Whether there are more notes than these. */
  more: boolean;
}

/** The text of a note, as its author writes it. */
export interface Draft {
  title: string;
  body: string;
}

/** The current version of a note. */
export interface Note extends Draft {
  key: string;
  author: string;
  editor: string;
  version: number;
  created: string;
  updated: string;
  /** The user who imported the note. Only this user vouches for its author and creation. */
  importer?: string;
}

export interface Comment {
  /** Ids sort by the time of writing. */
  id: string;
  /** The key of the note. */
  key: string;
  author: string;
  message: string;
  created: string;
  /** The user who imported the comment. Only this user vouches for everything else. */
  importer?: string;
}

/**
 * Compares two titles as a reader sees them. The server may trim other characters than JavaScript does, so a title that looks
 * the same is the one that was sent.
 */
export function titleLooksTheSame(one: string, other: string): boolean {
  return tidied(one).replace(ENDS, "") === tidied(other).replace(ENDS, "");
}

/** White space, control characters and invisible characters at both ends: more than any server trims. */
const ENDS =
  /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+|[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/gu;

function tidied(text: string): string {
  return text.toWellFormed().normalize();
}
