// A hook that opens a note for a view.

import { useEffect, useState } from "preact/hooks";
import { noteOf, type OpenNote } from "../live/channel.ts";

/** Returns the note, which stays open as long as the view. A view with another key is a new view. */
export function useNote(key: string, exists = true): OpenNote {
  const [note] = useState(() => noteOf(key));
  useEffect(() => {
    if (!exists) return;
    note.open();
    return () => note.close();
  }, [note, exists]);
  return note;
}
