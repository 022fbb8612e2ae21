// Reading a note: it changes by itself.

import { useEffect, useState } from "preact/hooks";
import { destroy } from "../api.ts";
import { drafts } from "../drafts.ts";
import { titles } from "../live.ts";
import { LiveNote } from "../live-note.ts";
import type { Note } from "../note.ts";
import { go, href } from "../route.ts";
import { Comments } from "./comments.tsx";
import { ConfirmDelete } from "./confirm-delete.tsx";
import { Heading } from "./heading.tsx";
import { DeletedNote, NoSuchNote, Opening } from "./no-note.tsx";
import { Person } from "./person.tsx";
import { Time } from "./time.tsx";

export function Reader({ noteKey, username }: { noteKey: string; username: string }) {
  const [live] = useState(() => new LiveNote(noteKey));
  useEffect(() => {
    live.open();
    return () => live.close();
  }, [live]);
  // A note that is made anew under the key of a deleted one is listed first.
  const listed = titles.value?.notelist.some((row) => row.key === noteKey) ?? false;
  useEffect(() => {
    if (listed) live.reopen();
  }, [live, listed]);

  const reading = live.reading.value;
  const gone = reading.state === "deleted";
  useEffect(() => {
    // There is nothing left to comment on, nor to be asked about on leaving.
    if (gone) drafts.keepComment(noteKey, "");
  }, [noteKey, gone]);

  switch (reading.state) {
    case "opening":
      return <Opening />;
    case "failed":
      return <p role="alert">{reading.message}</p>;
    case "none":
      return <NoSuchNote />;
    case "deleted":
      return <DeletedNote title={reading.note.title} />;
    case "shown":
      return (
        <>
          <Article note={reading.note} failure={reading.failure} live={live} />
          <Comments live={live} note={reading.note} username={username} />
          <p class="unseen" role="status" aria-live="polite">
            {live.news.value}
          </p>
        </>
      );
  }
}

function Article({ note, failure, live }: { note: Note; failure: string | undefined; live: LiveNote }) {
  /** The version that the person asked to delete: not one that comes while they answer. */
  const [asked, setAsked] = useState<number>();
  const [message, setMessage] = useState<string>();

  const remove = async (version: number) => {
    setMessage(undefined);
    // Who deletes the note need not be told that somebody did.
    live.close();
    try {
      const outcome = await destroy(note.key, version);
      if (outcome.kind !== "stale") return go({ view: "home" });
      live.show(outcome.current);
      setMessage("This note has just changed, so it was not deleted. This is how it stands now.");
    } catch (error) {
      setMessage((error as Error).message);
    }
    live.open();
  };

  return (
    <article>
      <Heading>{note.title}</Heading>
      <p class="byline">
        <Person username={note.author} />
        {note.editor !== note.author && (
          <>
            , edited by <Person username={note.editor} />
          </>
        )}
        {" · "}
        <Time of={note.updated} />
      </p>
      {message && <p role="alert">{message}</p>}
      {failure && (
        <p role="alert">
          This note has changed, but how it stands now could not be read. {failure}{" "}
          <button type="button" onClick={() => live.read()}>
            Try again
          </button>
        </p>
      )}
      <p class="body" dir="auto">
        {note.body}
      </p>
      <div class="actions">
        <a class="button" href={href({ view: "edit", key: note.key })}>
          Edit
        </a>
        <button type="button" class="danger" onClick={() => setAsked(note.version)}>
          Delete
        </button>
      </div>
      {asked !== undefined && (
        <ConfirmDelete title={note.title} confirm={() => remove(asked)} cancel={() => setAsked(undefined)} />
      )}
    </article>
  );
}
