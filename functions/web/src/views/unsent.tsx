// Notes with a text that is in this browser only: what was written offline, and what the server refuses.

import { boardOf } from "../boards/boards.ts";
import { unsentNotes } from "../documents/unsent-notes.ts";
import { openBoard } from "../live/channel.ts";
import { messages } from "../messages.ts";
import { nameOf } from "../note.ts";
import { href } from "../route.ts";

export function Unsent({ open }: { open: string | undefined }) {
  // The open note says itself whether it is saved.
  const notes = unsentNotes.value.filter(({ note }) => note.key !== open);
  if (notes.length === 0) return null;
  return (
    <section class="unsent" aria-labelledby="unsent-heading">
      <h3 id="unsent-heading">{messages.unsent.heading}</h3>
      <ul>
        {notes.map(({ note, title }) => (
          <li key={nameOf(note)}>
            <a href={href({ view: "read", ...note })} dir="auto">
              {title.trim() || messages.unsent.untitled}
            </a>
            {note.board !== openBoard.value && <bdi class="byline"> {boardOf(note.board)?.name}</bdi>}
          </li>
        ))}
      </ul>
    </section>
  );
}
