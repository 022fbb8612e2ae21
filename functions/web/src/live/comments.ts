// The comments on a note: which are shown, in whatever order they and their ends arrive, and who may do what.

import type { Note } from "../note.ts";

export interface Comment {
  /** Ids sort as comments were written. */
  id: string;
  /** The key of the note. */
  key: string;
  author: string;
  message: string;
  created: string;
  /** The user who imported it, if it was imported: everything else is this user's word. */
  importer?: string;
}

export interface CommentList {
  /** Whether the newest comments have come: until then nobody can say that there are none. */
  known: boolean;
  /** Those that are shown, newest first. */
  shown: readonly Comment[];
  /** Where the older ones go on, if there are any. */
  cursor: string | undefined;
  /** What was pushed since the room was joined: the newest comments may have been read before them. */
  pushed: readonly Comment[];
  /** What was deleted: it may still be in something that was read before. */
  destroyed: ReadonlySet<string>;
}

export const noComments: CommentList = {
  known: false,
  shown: [],
  cursor: undefined,
  pushed: [],
  destroyed: new Set(),
};

/** After the room was joined, for the first time or again. What is shown stays until the newest comments come. */
export function joined(list: CommentList): CommentList {
  return { ...list, pushed: [] };
}

/**
 * After the newest comments came. They replace all that was shown: nobody said what was deleted while the connection
 * was lost, among the older ones as well.
 */
export function renewed(list: CommentList, messages: readonly Comment[], cursor?: string): CommentList {
  return { ...list, known: true, shown: union(list, messages, list.pushed), cursor };
}

/**
 * After the newest comments were read over HTTP, while the live connection does not stand. Where they are those that are
 * shown, the older ones that somebody has read on to stay.
 */
export function polled(list: CommentList, page: { comments: readonly Comment[]; cursor?: string }): CommentList {
  const { comments, cursor } = page;
  const all = cursor !== undefined || comments.length === list.shown.length;
  const same = all && comments.every(({ id }, index) => list.shown[index]?.id === id);
  return list.known && same ? list : renewed(joined(list), comments, cursor);
}

/** After a comment was pushed, or its creation acknowledged. */
export function added(list: CommentList, comment: Comment): CommentList {
  return { ...list, shown: union(list, list.shown, [comment]), pushed: [...list.pushed, comment] };
}

/** After a comment was deleted. */
export function removed(list: CommentList, id: string): CommentList {
  return {
    ...list,
    shown: list.shown.filter((comment) => comment.id !== id),
    destroyed: new Set([...list.destroyed, id]),
  };
}

/** After older comments were read from `cursor` on. If the list has begun anew meanwhile, they are not its next ones. */
export function extended(
  list: CommentList,
  cursor: string,
  page: { comments: readonly Comment[]; cursor?: string },
): CommentList {
  if (list.cursor !== cursor) return list;
  return { ...list, shown: union(list, list.shown, page.comments), cursor: page.cursor };
}

function union(list: CommentList, ...parts: readonly (readonly Comment[])[]): Comment[] {
  const comments = new Map(parts.flat().map((comment) => [comment.id, comment]));
  for (const id of list.destroyed) comments.delete(id);
  return [...comments.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/**
 * The id of a comment that is written now: a UUIDv7. It sorts above the comments that are shown, which its author has seen,
 * even if clocks differ a little.
 */
export function newId(list: CommentList, now: number): string {
  const newest = list.shown[0]?.id.replaceAll("-", "").slice(0, 12);
  const made = Math.max(now, newest === undefined ? 0 : parseInt(newest, 16) + 1);
  const digits = made.toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** The most characters in a comment. */
export const LONGEST = 1024;

/** How many characters a message has, counted as the server does: trimmed, and an emoji as one. */
export function length(message: string): number {
  return [...message.trim()].length;
}

/** Whoever wrote the comment or the note may delete it. */
export function mayDelete(comment: Comment, note: Note, username: string): boolean {
  return comment.author === username || note.author === username;
}
