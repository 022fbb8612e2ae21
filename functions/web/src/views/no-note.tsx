// Shown in place of a note that is not loaded, is deleted, or does not exist.

import { openBoard } from "../live/channel.ts";
import { messages } from "../messages.ts";
import { TEAM } from "../note.ts";
import { href } from "../route.ts";
import { Heading } from "./heading.tsx";

export function Opening() {
  return <p role="status">{messages.note.opening}</p>;
}

export function NoSuchNote() {
  return (
    <section class="empty">
      <Heading>{messages.note.none}</Heading>
      <p>{messages.note.noneHint}</p>
      <BackToList />
    </section>
  );
}

export function DeletedNote({ title }: { title: string }) {
  const [before, after] = messages.note.deletedHint;
  return (
    <section class="empty">
      <Heading>{messages.note.deleted}</Heading>
      <p>
        {before}
        <q dir="auto">{title}</q>
        {after}
      </p>
      <BackToList />
    </section>
  );
}

export function BackToList() {
  return (
    <a class="button" href={href({ view: "list", board: openBoard.value ?? TEAM })}>
      {messages.note.backToList}
    </a>
  );
}

/** The way back from a note in a narrow window, where the list is not beside it. */
export function Back({ board }: { board: string }) {
  return (
    <a class="back" href={href({ view: "list", board })} aria-label={messages.note.backToList}>
      ‹
    </a>
  );
}
