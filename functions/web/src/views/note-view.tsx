// A note: an editor for members who may write, its text for others.

import { useLayoutEffect, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../boards/boards.ts";
import { newNote } from "../documents/new-note.ts";
import { unsentNotes } from "../documents/unsent-notes.ts";
import { messages } from "../messages.ts";
import { type NoteId, nameOf } from "../note.ts";
import { begunNote, goToNew } from "../route.ts";
import { GoneBoard } from "./boards/gone.tsx";
import { Heading } from "./heading.tsx";
import { write } from "./later.tsx";
import { BackToList, Opening } from "./no-note.tsx";
import { EarlyField, EarlyText } from "./note/early-text.tsx";
import { Reader } from "./reader.tsx";

/** A new note gets an address of its own at once. */
export function NewNote({ board }: { board: string }) {
  const access = accessTo(board);
  const writes = mayWrite(access);
  useLayoutEffect(() => {
    if (writes && access !== "unknown") goToNew(newNote(board));
  }, [board, access]);
  if (writes) return <Opening />;
  if (access === "gone") return <GoneBoard />;
  return (
    <section class="empty">
      <Heading>{messages.list.newNote}</Heading>
      <p>{messages.boards.readOnly}</p>
      <BackToList />
    </section>
  );
}

interface Props {
  note: NoteId;
  /** The anchor of a heading to go to. */
  at: string | undefined;
  username: string;
}

export function NoteView({ note, at, username }: Props) {
  const access = accessTo(note.board);
  // What could not be sent is shown, even if its author may not write any more.
  const isUnsent = unsentNotes.value.some((unsent) => nameOf(unsent.note) === nameOf(note));
  if ((mayWrite(access) && access !== "unknown") || isUnsent) return <Write note={note} at={at} username={username} />;
  switch (access) {
    case "unknown":
      return <Opening />;
    case "gone":
      return <GoneBoard note={note} username={username} />;
    default:
      return <Reader note={note} at={at} username={username} />;
  }
}

/** Until the editor of a new note is there, a field takes what is typed. */
function Write({ note, at, username }: Props) {
  const [early] = useState(() => (begunNote() ? new EarlyText() : undefined));
  const Surface = write.code.value?.Surface;
  return (
    <>
      {early && <EarlyField text={early} />}
      {Surface ? <Surface note={note} at={at} username={username} early={early} /> : <write.Status />}
    </>
  );
}
