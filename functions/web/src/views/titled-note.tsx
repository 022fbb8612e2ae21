// Leads from a link by title to the note of that title, if the board has one.

import { useEffect } from "preact/hooks";
import { accessTo, mayWrite } from "../boards/boards.ts";
import { newNote } from "../documents/new-note.ts";
import { failure, hasOlder, olderRows, readOlder } from "../list/older.ts";
import { titles } from "../live/channel.ts";
import { messages } from "../messages.ts";
import { goToNew, redirect } from "../route.ts";
import { GoneBoard } from "./boards/gone.tsx";
import { Heading } from "./heading.tsx";
import { BackToList } from "./no-note.tsx";

const words = messages.note.titled;

export function TitledNote({ board, title }: { board: string; title: string }) {
  const access = accessTo(board);
  const all = [...(titles.value?.notelist ?? []), ...olderRows()];
  const found = all.find((row) => isSame(row.title, title));
  const isLooking = found !== undefined || titles.value === undefined || (hasOlder() && failure.value === undefined);
  useEffect(() => {
    if (found !== undefined) redirect({ view: "read", board, key: found.key });
    else if (titles.value !== undefined && isLooking) void readOlder();
  });
  if (access === "gone") return <GoneBoard />;
  if (isLooking) return <p role="status">{words.looking(title)}</p>;
  return (
    <section class="empty">
      <Heading>{words.none(title)}</Heading>
      <div class="actions">
        {mayWrite(access) && (
          <button type="button" class="primary" onClick={() => goToNew(newNote(board), title)}>
            {words.create}
          </button>
        )}
        <BackToList />
      </div>
    </section>
  );
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
