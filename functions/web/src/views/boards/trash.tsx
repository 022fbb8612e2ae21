// The trash of a board: its deleted notes. Editors restore them, or delete them for good.

import { useEffect, useRef, useState } from "preact/hooks";
import { boardOf } from "../../boards/boards.ts";
import { deletionsMade, leftTrash } from "../../deletion.ts";
import { messages } from "../../messages.ts";
import { Problem } from "../../server/problem.ts";
import { deleteForGood, restore, type TrashedNote, trash } from "../../server/trash.ts";
import { Dialog } from "../dialog.tsx";
import { Heading } from "../heading.tsx";
import { Outcome } from "../outcome.tsx";
import { More } from "../people/more.tsx";
import { usePages } from "../people/use-pages.ts";
import { Person } from "../person.tsx";
import { Time } from "../time.tsx";
import { useAttempt } from "../use-attempt.ts";

const words = messages.boards.trash;

export function Trash({ board }: { board: string }) {
  const list = useRef<HTMLUListElement>(null);
  const [read, setRead] = useState(false);
  const [asked, setAsked] = useState<TrashedNote>();
  // A deletion or restoration of a moment ago is part of it.
  const { items, setItems, ...pages } = usePages((cursor) => deletionsMade().then(() => trash(board, cursor)));
  const { busy, failure, done, attempt } = useAttempt();
  useEffect(() => void pages.readPage().then(() => setRead(true)), [board]);

  /** Ignores a second action meanwhile. A disabled button would lose the focus. */
  const take = async (note: TrashedNote, action: () => Promise<unknown>, outcome: string) => {
    if (busy) return;
    await attempt(async () => {
      await action();
      leftTrash(board, note.id);
      setItems((others) => others.filter(({ id }) => id !== note.id));
      // The pressed button is gone with its row.
      list.current?.focus();
    }, outcome);
  };
  const putBack = (note: TrashedNote) =>
    take(note, () => restore(board, note.id).catch(explain), words.restored(note.title));
  const remove = (note: TrashedNote) => {
    setAsked(undefined);
    return take(note, () => deleteForGood(board, note.id), words.deleted(note.title));
  };

  return (
    <div class="own-account">
      <Heading>{words.of(boardOf(board)?.name ?? "")}</Heading>
      <p>{words.explain}</p>
      <Outcome done={done} failure={failure} />
      {!read && <p role="status">{messages.opening}</p>}
      {read && items.length === 0 && pages.failure === undefined && <p class="empty">{words.empty}</p>}
      <ul class="people" ref={list} tabIndex={-1} aria-label={words.notes}>
        {items.map((note) => (
          <li key={note.id}>
            <p dir="auto">{note.title}</p>
            <p class="byline">
              {words.deletedBy}
              <Person username={note.deletedBy} /> <Time of={note.deleted} />
            </p>
            <div class="actions">
              <button type="button" aria-label={words.restoreOf(note.title)} onClick={() => void putBack(note)}>
                {words.restore}
              </button>
              <button
                type="button"
                class="danger"
                aria-label={words.deleteOf(note.title)}
                onClick={() => setAsked(note)}
              >
                {words.delete}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <More {...pages} />
      {asked && (
        <Dialog heading={words.question(asked.title)} close={() => setAsked(undefined)}>
          <p>{words.questionHint}</p>
          <div class="actions">
            <button type="button" autofocus onClick={() => setAsked(undefined)}>
              {words.keep}
            </button>
            <button type="button" class="danger" onClick={() => void remove(asked)}>
              {words.delete}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** Explains what to do in the page if another note has the key. The server's advice is for programs. */
function explain(error: unknown): never {
  throw error instanceof Problem && error.code === "key-taken" ? new Problem(error.status, words.taken) : error;
}
