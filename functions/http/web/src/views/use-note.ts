// A note that a view has open.

import { useEffect, useState } from "preact/hooks";
import { openNote, type OpenNote } from "../live/line.ts";

/** The note, open as long as the view is. A view is made anew for another key. */
export function useNote(key: string): OpenNote {
  const [note] = useState(() => openNote(key));
  useEffect(() => () => note.close(), [note]);
  return note;
}
