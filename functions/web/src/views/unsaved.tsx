// What was written and is not saved: texts that a crash, a closed window or a lost connection kept from the server.

import { boardOf } from "../boards/boards.ts";
import { openBoard } from "../live/channel.ts";
import { messages } from "../messages.ts";
import { href } from "../route.ts";
import { left, pens } from "../writing/desk.ts";
import { isUnsaved } from "../writing/editing.ts";

export function Unsaved() {
  const waiting = pens.value.filter((pen) => pen.left.value).map(({ editing }) => editing.value);
  const texts = [...waiting.filter((editing) => isUnsaved(editing) || editing.obstacle), ...left.value];
  if (texts.length === 0) return null;
  return (
    <section class="unsaved" aria-labelledby="unsaved-heading">
      <h3 id="unsaved-heading">{messages.unsaved.heading}</h3>
      <ul>
        {texts.map((editing) => (
          <li key={editing.id}>
            <a href={href({ view: "edit", board: editing.board, key: editing.key })} dir="auto">
              {editing.draft.title.trim() || messages.unsaved.untitled}
            </a>
            {editing.board !== openBoard.value && <bdi class="byline"> {boardOf(editing.board)?.name}</bdi>}
          </li>
        ))}
      </ul>
    </section>
  );
}
