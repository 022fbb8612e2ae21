// A note that a view has open.

import { useEffect, useState } from "preact/hooks";
import { noteOf, type OpenNote } from "../live/line.ts";

/** The note, open as long as the view is. A view is made anew for another key. */
export function useNote(key: string): OpenNote {
  const [note] = useState(() => noteOf(key));
  useEffect(() => {
    note.open();
    return () => note.close();
  }, [note]);
  return note;
}
