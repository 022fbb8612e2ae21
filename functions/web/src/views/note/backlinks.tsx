// The notes that link to a note.

import { useEffect, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import type { NoteId } from "../../note.ts";
import { href } from "../../route.ts";
import { backlinks } from "../../server/backlinks.ts";
import { More } from "../people/more.tsx";
import { usePages } from "../people/use-pages.ts";

const words = messages.editor.details;

export function Backlinks({ note, close }: { note: NoteId; close: () => void }) {
  const { items, ...pages } = usePages((cursor) => backlinks(note, cursor));
  const [read, setRead] = useState(false);
  useEffect(() => void pages.readPage().then(() => setRead(true)), []);
  return (
    <section aria-labelledby="backlinks-heading">
      <h3 id="backlinks-heading">{words.linkedFrom}</h3>
      {!read && <p role="status">{messages.opening}</p>}
      {read && items.length === 0 && pages.failure === undefined && <p class="hint">{words.notLinked}</p>}
      <ul>
        {items.map(({ key, title }) => (
          <li key={key}>
            <a href={href({ view: "read", board: note.board, key })} dir="auto" onClick={close}>
              {title}
            </a>
          </li>
        ))}
      </ul>
      <More {...pages} />
    </section>
  );
}
