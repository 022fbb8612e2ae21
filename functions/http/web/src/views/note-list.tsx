// The list of titles, newest change first: it changes by itself.

import { useState } from "preact/hooks";
import { titles } from "../live.ts";
import type { TitleRow } from "../note.ts";
import { hasOlder, olderRows, readOlder } from "../older.ts";
import { href } from "../route.ts";
import { Time } from "./time.tsx";

export function NoteList({ open }: { open: string | undefined }) {
  const list = titles.value;
  return (
    <nav aria-labelledby="list-heading">
      <h2 id="list-heading">All notes</h2>
      <a class="button primary" href={href({ view: "new" })}>
        New note
      </a>
      {list === undefined ? (
        <p role="status">Loading the list…</p>
      ) : list.notelist.length === 0 ? (
        <p>There are no notes yet.</p>
      ) : (
        <ul class="titles">
          {[...list.notelist, ...olderRows()].map((row) => (
            <Row key={row.key} row={row} open={row.key === open} />
          ))}
        </ul>
      )}
      {hasOlder() && <Older />}
    </nav>
  );
}

function Row({ row, open }: { row: TitleRow; open: boolean }) {
  return (
    <li>
      <a href={href({ view: "read", key: row.key })} aria-current={open ? "page" : undefined}>
        <span class="title" dir="auto">
          {row.title}
        </span>
        <Time of={row.updated} />
      </a>
    </li>
  );
}

function Older() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const more = async () => {
    setBusy(true);
    setFailure(undefined);
    await readOlder().catch((error: Error) => setFailure(error.message));
    setBusy(false);
  };
  return (
    <>
      {failure && <p role="alert">{failure}</p>}
      <button type="button" disabled={busy} onClick={more}>
        Show older notes
      </button>
    </>
  );
}
