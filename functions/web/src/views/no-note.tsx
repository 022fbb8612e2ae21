// Where there is no note to show: not yet, not any more, not at all.

import { href } from "../route.ts";
import { words } from "../words.ts";
import { Heading } from "./heading.tsx";

export function Opening() {
  return <p role="status">{words.note.opening}</p>;
}

export function NoSuchNote() {
  return (
    <section class="empty">
      <Heading>{words.note.none}</Heading>
      <p>{words.note.noneHint}</p>
      <BackToList />
    </section>
  );
}

export function DeletedNote({ title }: { title: string }) {
  const [before, after] = words.note.deletedHint;
  return (
    <section class="empty">
      <Heading>{words.note.deleted}</Heading>
      <p>
        {before}
        <q dir="auto">{title}</q>
        {after}
      </p>
      <BackToList />
    </section>
  );
}

function BackToList() {
  return (
    <a class="button" href={href({ view: "home" })}>
      {words.note.backToList}
    </a>
  );
}
