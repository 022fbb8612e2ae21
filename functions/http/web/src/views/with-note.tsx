// A view of a note, once it is read; until then, or where it cannot be, what there is to say.

import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { read } from "../api.ts";
import { titles } from "../live.ts";
import type { Note } from "../note.ts";
import { Heading } from "./heading.tsx";

interface Props {
  noteKey: string;
  /** Without it, the note is read again whenever the live list says that it has changed. */
  once?: boolean;
  children: (note: Note, show: (note: Note) => void) => ComponentChild;
}

type Reading =
  | { state: "reading" }
  | { state: "read"; note: Note }
  | { state: "none" }
  | { state: "failed"; message: string };

export function WithNote({ noteKey, once = false, children }: Props) {
  const [reading, setReading] = useState<Reading>({ state: "reading" });
  // Absent from the list: older than its end, deleted, or the list has not come yet.
  const listed = once ? undefined : titles.value?.notelist.find((row) => row.key === noteKey)?.updated;
  useEffect(() => {
    if (reading.state === "read" && reading.note.updated === listed) return;
    const abandoned = new AbortController();
    read(noteKey, abandoned.signal).then(
      (note) => setReading(note === undefined ? { state: "none" } : { state: "read", note }),
      (error: Error) => {
        if (!abandoned.signal.aborted) setReading({ state: "failed", message: error.message });
      },
    );
    return () => abandoned.abort();
  }, [noteKey, listed]);

  switch (reading.state) {
    case "reading":
      return <p role="status">Opening the note…</p>;
    case "failed":
      return <p role="alert">{reading.message}</p>;
    case "none":
      return (
        <section class="empty">
          <Heading>No such note</Heading>
          <p>It was deleted, or it never was.</p>
        </section>
      );
    case "read":
      return <>{children(reading.note, (note) => setReading({ state: "read", note }))}</>;
  }
}
