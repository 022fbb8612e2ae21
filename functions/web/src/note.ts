// What the page knows of a note, in the words of the HTTP interface.

/** A note's row in a list of titles. */
export interface TitleRow {
  key: string;
  title: string;
  /** RFC 3339, UTC, with three decimals: it sorts as text. */
  updated: string;
  /** Who changed it last; a list that was kept from an older version of the server does not say. */
  editor?: string;
}

/** What a person writes. */
export interface Draft {
  title: string;
  body: string;
}

/** A note as it stands. */
export interface Note extends Draft {
  key: string;
  author: string;
  editor: string;
  version: number;
  created: string;
  updated: string;
  /** The user who imported it, if it was imported: author and creation are this user's word. */
  importer?: string;
}

/** Whether both are the same, character by character. */
export function sameText(one: Draft, other: Draft): boolean {
  return one.title === other.title && one.body === other.body;
}

/**
 * Whether both look the same to a reader. The server may tidy what it is sent: which characters it trims is its own
 * business, and other languages trim others than JavaScript. So this tells that a text may be one's own, and not that it is
 * saved as it was typed.
 */
export function looksTheSame(one: Draft, other: Draft): boolean {
  return titleLooksTheSame(one.title, other.title) && tidied(one.body) === tidied(other.body);
}

export function titleLooksTheSame(one: string, other: string): boolean {
  return tidied(one).replace(ENDS, "") === tidied(other).replace(ENDS, "");
}

/** White space, control characters and invisible ones: more than any server trims. */
const ENDS =
  /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+|[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/gu;

function tidied(text: string): string {
  return text.toWellFormed().normalize().replace(/\r\n?/g, "\n");
}
