// A dialog with the author and the times of a note, and the notes that link to it.

import { messages } from "../../messages.ts";
import type { Note, NoteId } from "../../note.ts";
import { Dialog } from "../dialog.tsx";
import { Imported } from "../imported.tsx";
import { Person } from "../person.tsx";
import { Time } from "../time.tsx";
import { Backlinks } from "./backlinks.tsx";

const words = messages.editor.details;

interface Props {
  id: NoteId;
  note: Note;
  length: number;
  close: () => void;
}

export function Details({ id, note, length, close }: Props) {
  return (
    <Dialog heading={words.heading} close={close}>
      <dl class="pairs">
        <div>
          <dt>{words.created}</dt>
          <dd>
            <Time of={note.created} />
            {words.by}
            <Person username={note.author} />
            <Imported by={note.importer} />
          </dd>
        </div>
        <div>
          <dt>{words.changed}</dt>
          <dd>
            <Time of={note.updated} />
            {words.by}
            <Person username={note.editor} />
          </dd>
        </div>
        <div>
          <dt>{words.length}</dt>
          <dd>{words.characters(length)}</dd>
        </div>
      </dl>
      <Backlinks note={id} close={close} />
      <div class="actions">
        <button type="button" autofocus onClick={close}>
          {words.close}
        </button>
      </div>
    </Dialog>
  );
}
