// A hook that opens a note for a view.

import { useEffect, useState } from "preact/hooks";
import { CommentDraft } from "../drafts/comment-drafts.ts";
import { noteOf, type OpenNote, titles } from "../live/channel.ts";
import type { NoteId } from "../note.ts";

/** Returns the note, which stays open as long as the view. A view of another note is a new view. */
export function useNote(id: NoteId, username: string, exists = true): OpenNote {
  const [note] = useState(() => noteOf(id));
  useEffect(() => {
    if (!exists) return;
    note.open();
    return () => note.close();
  }, [note, exists]);

  // A note that is restored, or created again under its key, appears in the list first.
  const isListed = titles.value?.notelist.some(({ key }) => key === id.key) ?? false;
  useEffect(() => {
    if (isListed) note.reload();
  }, [note, isListed]);

  const isGone = note.reading.value.state === "deleted";
  useEffect(() => {
    // Without a note there is nothing to comment on.
    if (isGone) void CommentDraft.of(username, id).then((draft) => draft.keep(""));
  }, [note, isGone]);
  return note;
}
