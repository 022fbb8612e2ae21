// Shown in place of the views of a board that is gone, or that the user may no longer open.

import { messages } from "../../messages.ts";
import type { NoteId } from "../../note.ts";
import { href } from "../../route.ts";
import { Heading } from "../heading.tsx";
import { KeptComment } from "./kept-comment.tsx";

/** Also shows a comment that the user was writing on a note of the board. */
export function GoneBoard({ note, username = "" }: { note?: NoteId; username?: string }) {
  return (
    <section class="empty">
      <Heading>{messages.boards.gone}</Heading>
      <p>
        <a class="button" href={href({ view: "home" })}>
          {messages.boards.home}
        </a>
      </p>
      {note && <KeptComment note={note} username={username} />}
    </section>
  );
}
