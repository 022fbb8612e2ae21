// Shows a note. It updates automatically.

import type { ComponentChild } from "preact";
import { useEffect } from "preact/hooks";
import { accessTo, mayWrite } from "../boards/boards.ts";
import { deleteSoon } from "../deletion.ts";
import { type OpenNote, titles } from "../live/channel.ts";
import type { Doubt } from "../live/reading.ts";
import { messages } from "../messages.ts";
import type { Note, NoteId } from "../note.ts";
import { go, href } from "../route.ts";
import { CommentDraft } from "../writing/comment-drafts.ts";
import { MoveNote } from "./boards/move-note.tsx";
import { Comments } from "./comments.tsx";
import { Heading } from "./heading.tsx";
import { Imported } from "./imported.tsx";
import { News } from "./news.tsx";
import { DeletedNote, NoSuchNote, Opening } from "./no-note.tsx";
import { Person } from "./person.tsx";
import { Presence } from "./presence.tsx";
import { useText } from "./text.tsx";
import { Time } from "./time.tsx";
import { useNote } from "./use-note.ts";

export function Reader({ note, username }: { note: NoteId; username: string }) {
  const live = useNote(note);
  // A new note under the key of a deleted one appears in the list first.
  const listed = titles.value?.notelist.some((row) => row.key === note.key) ?? false;
  useEffect(() => {
    if (listed) live.reload();
  }, [live, listed]);

  const reading = live.reading.value;
  const gone = reading.state === "deleted";
  useEffect(() => {
    // Without a note there is nothing to comment on.
    if (gone) void CommentDraft.of(username, note).then((draft) => draft.keep(""));
  }, [live, gone]);
  // The text is shown once it is laid out, so that nothing moves.
  const text = useText(reading.state === "shown" ? reading.note.body : undefined);

  switch (reading.state) {
    case "opening":
      return <Opening />;
    case "failed":
      return (
        <div role="alert">
          <p>{reading.message}</p>
          <button type="button" onClick={() => live.reload()}>
            {messages.tryAgain}
          </button>
        </div>
      );
    case "none":
      return <NoSuchNote />;
    case "deleted":
      return <DeletedNote title={reading.note.title} />;
    case "shown":
      if (text === undefined) return <Opening />;
      return (
        <>
          <Article note={reading.note} text={text} doubt={reading.doubt} live={live} username={username} />
          <Comments live={live} note={reading.note} username={username} />
          <News of={live.news.value} />
        </>
      );
  }
}

interface ArticleProps {
  note: Note;
  /** The laid-out text. */
  text: ComponentChild;
  doubt: Doubt | undefined;
  live: OpenNote;
  username: string;
}

function Article({ note, text, doubt, live, username }: ArticleProps) {
  const { board } = live.id;
  const remove = () => {
    deleteSoon(board, note);
    go({ view: "list", board });
  };
  return (
    <article>
      <Heading>{note.title}</Heading>
      <div class="about">
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
        <Presence live={live} username={username} />
      </div>
      {doubt?.failure !== undefined && (
        <p role="alert">
          {messages.note[doubt.kind]} {doubt.failure}{" "}
          <button type="button" onClick={() => live.reload()}>
            {messages.tryAgain}
          </button>
        </p>
      )}
      {note.body.trim() === "" ? <p class="empty">{messages.note.blank}</p> : <div class="body">{text}</div>}
      {mayWrite(accessTo(board)) && (
        <div class="actions">
          <a class="button" href={href({ view: "edit", board, key: note.key })}>
            {messages.note.edit}
          </a>
          <button type="button" class="danger" data-key="#" onClick={remove}>
            {messages.note.delete}
          </button>
          <MoveNote board={board} note={note} />
        </div>
      )}
    </article>
  );
}
