// A view of a note as it stood when it was opened; until it is read, or where it cannot be, what there is to say.

import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { read } from "../api.ts";
import type { Note } from "../note.ts";
import { NoSuchNote, Opening } from "./no-note.tsx";

type Opened = { state: "opening" } | { state: "read"; note: Note } | { state: "none" } | { state: "failed"; message: string };

export function WithNote({ noteKey, children }: { noteKey: string; children: (note: Note) => ComponentChild }) {
  const [opened, setOpened] = useState<Opened>({ state: "opening" });
  useEffect(() => {
    const abandoned = new AbortController();
    read(noteKey, abandoned.signal).then(
      (note) => setOpened(note === undefined ? { state: "none" } : { state: "read", note }),
      (error: Error) => {
        if (!abandoned.signal.aborted) setOpened({ state: "failed", message: error.message });
      },
    );
    return () => abandoned.abort();
  }, [noteKey]);

  switch (opened.state) {
    case "opening":
      return <Opening />;
    case "failed":
      return <p role="alert">{opened.message}</p>;
    case "none":
      return <NoSuchNote />;
    case "read":
      return <>{children(opened.note)}</>;
  }
}
