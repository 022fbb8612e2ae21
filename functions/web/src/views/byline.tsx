// Who wrote a note, who changed it last, and when.

import { messages } from "../messages.ts";
import type { Note } from "../note.ts";
import { Imported } from "./imported.tsx";
import { Person } from "./person.tsx";
import { Time } from "./time.tsx";

export function Byline({ of: note }: { of: Note }) {
  return (
    <p class="byline">
      <Person username={note.author} />
      {note.editor !== note.author && (
        <>
          {messages.note.editedBy}
          <Person username={note.editor} />
        </>
      )}
      {" · "}
      <Time of={note.updated} />
      <Imported by={note.importer} />
    </p>
  );
}
