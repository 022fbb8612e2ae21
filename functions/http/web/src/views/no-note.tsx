// Where there is no note to show: not yet, not any more, not at all.

import { href } from "../route.ts";
import { Heading } from "./heading.tsx";

export function Opening() {
  return <p role="status">Opening the note…</p>;
}

export function NoSuchNote() {
  return (
    <section class="empty">
      <Heading>No such note</Heading>
      <p>It was deleted, or it never was.</p>
      <BackToList />
    </section>
  );
}

export function DeletedNote({ title }: { title: string }) {
  return (
    <section class="empty">
      <Heading>This note was deleted</Heading>
      <p>
        Someone deleted <q dir="auto">{title}</q> while it was open here.
      </p>
      <BackToList />
    </section>
  );
}

function BackToList() {
  return (
    <a class="button" href={href({ view: "home" })}>
      Back to the list
    </a>
  );
}
