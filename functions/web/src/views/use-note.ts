// A hook that opens a note for a view.

import { useEffect, useState } from "preact/hooks";
import { noteOf, type OpenNote } from "../live/channel.ts";
import type { NoteId } from "../note.ts";

/** Returns the note, which stays open as long as the view. A view of another note is a new view. */
export function useNote(id: NoteId, exists = true): OpenNote {
  const [note] = useState(() => noteOf(id));
  useEffect(() => {
    if (!exists) return;
    note.open();
    return () => note.close();
  }, [note, exists]);
  return note;
}
