// A hook that opens the document of a note.

import { useEffect, useState } from "preact/hooks";
import { openDocument } from "../../documents/open.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { NoteId } from "../../note.ts";

/** Returns the document, which stays open as long as the view. A view of another note is a new view. */
export function useDocument(note: NoteId, username: string): OpenDocument {
  const [opened] = useState(() => openDocument(note, username));
  useEffect(
    () => () => {
      void opened.flush();
      opened.close();
    },
    [],
  );
  return opened;
}
