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
}

/** Whether both say the same. The server trims titles. */
export function sameText(one: Draft, other: Draft): boolean {
  return one.title.trim() === other.title.trim() && one.body === other.body;
}
