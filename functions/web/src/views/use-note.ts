// A note that a view has open.

import { useEffect, useState } from "preact/hooks";
import { noteOf, type OpenNote } from "../live/channel.ts";

/** The note, open as long as the view is, and as the note exists. A view is made anew for another key. */
export function useNote(key: string, exists = true): OpenNote {
  const [note] = useState(() => noteOf(key));
  useEffect(() => {
    if (!exists) return;
    note.open();
    return () => note.close();
  }, [note, exists]);
  return note;
}
