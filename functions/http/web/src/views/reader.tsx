// Reading a note.

import { useState } from "preact/hooks";
import { destroy } from "../api.ts";
import type { Note } from "../note.ts";
import { go, href } from "../route.ts";
import { ConfirmDelete } from "./confirm-delete.tsx";
import { Heading } from "./heading.tsx";
import { Time } from "./time.tsx";
import { WithNote } from "./with-note.tsx";

export function Reader({ noteKey }: { noteKey: string }) {
  return <WithNote noteKey={noteKey}>{(note, show) => <Article note={note} show={show} />}</WithNote>;
}

function Article({ note, show }: { note: Note; show: (note: Note) => void }) {
  const [asked, setAsked] = useState(false);
  const [message, setMessage] = useState<string>();

  const remove = async () => {
    setAsked(false);
    setMessage(undefined);
    try {
      const outcome = await destroy(note.key, note.version);
      if (outcome.kind === "stale") {
        show(outcome.current);
        setMessage("This note has changed since you opened it, so it was not deleted. This is how it stands now.");
      } else {
        go({ view: "home" });
      }
    } catch (error) {
      setMessage((error as Error).message);
    }
  };

  return (
    <article>
      <Heading>{note.title}</Heading>
      <p class="byline">
        <span dir="auto">{note.editor === note.author ? note.author : `${note.author}, edited by ${note.editor}`}</span>
        {" · "}
        <Time of={note.updated} />
      </p>
      {message && <p role="alert">{message}</p>}
      <p class="body" dir="auto">
        {note.body}
      </p>
      <div class="actions">
        <a class="button" href={href({ view: "edit", key: note.key })}>
          Edit
        </a>
        <button type="button" class="danger" onClick={() => setAsked(true)}>
          Delete
        </button>
      </div>
      {asked && <ConfirmDelete title={note.title} confirm={remove} cancel={() => setAsked(false)} />}
    </article>
  );
}
