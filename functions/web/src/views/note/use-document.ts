// Hooks that open the document of a note, and follow its text.

import { useEffect, useState } from "preact/hooks";
import type { Text } from "yjs";
import { openDocument } from "../../documents/open.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { NoteId } from "../../note.ts";

/** How long nothing is typed before the rendered text follows, in milliseconds. */
const PAUSE_MS = 150;

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

/** Returns the text, after a pause of typing. */
export function useSharedText(text: Text): string {
  const [shown, setShown] = useState(() => text.toString());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setShown(text.toString()), PAUSE_MS);
    };
    follow();
    text.observe(follow);
    return () => {
      clearTimeout(timer);
      text.unobserve(follow);
    };
  }, [text]);
  return shown;
}
