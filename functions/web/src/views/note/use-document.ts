// A hook that opens the document of a note.

import { useEffect, useState } from "preact/hooks";
import { openDocument } from "../../documents/open.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { NoteId } from "../../note.ts";

/**
 * Returns the document, which stays open as long as the view. A view of another note is a new view. Calls `again` if the view
 * must begin again, because what it shows is not the note any more.
 */
export function useDocument(note: NoteId, username: string, again: () => void): OpenDocument {
  const [opened] = useState(() => openDocument(note, username));
  useEffect(
    () => () => {
      void opened.flush();
      opened.close();
    },
    [],
  );
  const outdated = opened.outdated.value;
  useEffect(() => {
    if (outdated) void opened.discard().then(again);
  }, [outdated]);
  return opened;
}
