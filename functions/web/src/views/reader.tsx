// Shows a note to members who may not change it. It updates automatically.

import type { ComponentChild, RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { OpenNote } from "../live/channel.ts";
import type { Doubt } from "../live/reading.ts";
import { messages } from "../messages.ts";
import type { Note, NoteId } from "../note.ts";
import { Byline } from "./byline.tsx";
import { Comments } from "./comments.tsx";
import { Heading } from "./heading.tsx";
import { News } from "./news.tsx";
import { Back, DeletedNote, NoSuchNote, Opening } from "./no-note.tsx";
import { Presence } from "./presence.tsx";
import { useText } from "./text.tsx";
import { useNote } from "./use-note.ts";
import { usePlace } from "./use-place.ts";

interface Props {
  note: NoteId;
  /** The anchor of a heading to go to. */
  at: string | undefined;
  username: string;
}

export function Reader({ note, at, username }: Props) {
  const article = useRef<HTMLElement>(null);
  const live = useNote(note, username);
  const reading = live.reading.value;
  // The text is shown once it is laid out, so that nothing moves.
  const text = useText(reading.state === "shown" ? reading.note.body : undefined, () => ({ note }));

  usePlace(article, at, text, (place) => place.scrollIntoView());

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
          <Article
            element={article}
            note={reading.note}
            text={text}
            doubt={reading.doubt}
            live={live}
            username={username}
          />
          <Comments live={live} note={reading.note} username={username} />
          <News of={live.news.value} />
        </>
      );
  }
}

interface ArticleProps {
  element: RefObject<HTMLElement | null>;
  note: Note;
  /** The laid-out text. */
  text: ComponentChild;
  doubt: Doubt | undefined;
  live: OpenNote;
  username: string;
}

function Article({ element, note, text, doubt, live, username }: ArticleProps) {
  return (
    <article ref={element}>
      <Back board={live.id.board} />
      <Heading>{note.title}</Heading>
      <div class="about">
        <Byline of={note} />
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
    </article>
  );
}
