// The list of comments on a note. Comments, pages of comments and deletions may arrive in any order.

import type { Comment, Note } from "../note.ts";

export interface CommentList {
  /** Whether the newest comments have arrived. Until then, an empty list says nothing. */
  known: boolean;
  /** The comments to show, newest first. */
  shown: readonly Comment[];
  /** The cursor of the next older page, if there is one. */
  cursor: string | undefined;
  /** Comments pushed since the room was joined. The newest page may have been read before them. */
  pushed: readonly Comment[];
  /** The ids of deleted comments. Pages that were read earlier may still contain them. */
  destroyed: ReadonlySet<string>;
}

export const noComments: CommentList = {
  known: false,
  shown: [],
  cursor: undefined,
  pushed: [],
  destroyed: new Set(),
};

/** Returns the list after the room was joined. Shown comments stay until the newest page arrives. */
export function joined(list: CommentList): CommentList {
  return { ...list, pushed: [] };
}

/**
 * Returns the list after the newest page arrived. It replaces all shown comments, since some may have been deleted while the
 * connection was lost.
 */
export function renewed(list: CommentList, messages: readonly Comment[], cursor?: string): CommentList {
  return { ...list, known: true, shown: union(list, messages, list.pushed), cursor };
}

/**
 * Returns the list after the newest page was read over HTTP, without a live connection. If the page shows no change, older
 * comments that the user has loaded stay.
 */
export function polled(list: CommentList, page: { comments: readonly Comment[]; cursor?: string }): CommentList {
  const { comments, cursor } = page;
  const all = cursor !== undefined || comments.length === list.shown.length;
  const same = all && comments.every(({ id }, index) => list.shown[index]?.id === id);
  return list.known && same ? list : renewed(joined(list), comments, cursor);
}

/** Returns the list with a comment that was pushed or whose creation was acknowledged. */
export function added(list: CommentList, comment: Comment): CommentList {
  return { ...list, shown: union(list, list.shown, [comment]), pushed: [...list.pushed, comment] };
}

/** Returns the list without a deleted comment. */
export function removed(list: CommentList, id: string): CommentList {
  return {
    ...list,
    shown: list.shown.filter((comment) => comment.id !== id),
    destroyed: new Set([...list.destroyed, id]),
  };
}

/** Returns the list with the older page at `cursor`. Ignores the page if the list was replaced in the meantime. */
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
 * Creates the id of a new comment: a UUIDv7. It sorts above all shown comments even if clocks differ a little, since its
 * author has seen them.
 */
export function newId(list: CommentList, now: number): string {
  const newest = list.shown[0]?.id.replaceAll("-", "").slice(0, 12);
  const made = Math.max(now, newest === undefined ? 0 : parseInt(newest, 16) + 1);
  const digits = made.toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** Maximum number of characters in a comment. */
export const MAX_CHARACTERS = 1024;

/** Counts characters as the server does: without white space at the ends, and an emoji as one. */
export function length(message: string): number {
  return [...message.trim()].length;
}

/** Returns whether the user may delete the comment: its author and the author of the note may. */
export function mayDelete(comment: Comment, note: Note, username: string): boolean {
  return comment.author === username || note.author === username;
}
