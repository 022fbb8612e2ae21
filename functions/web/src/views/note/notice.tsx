// What stands in the way of a note that somebody has open: it was deleted, or cannot be saved. The text stays where it is.

import { useEffect, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../../boards/boards.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import { messages } from "../../messages.ts";
import type { Note } from "../../note.ts";
import { go } from "../../route.ts";
import { restore, trashId } from "../../server/trash.ts";
import { BackToList } from "../no-note.tsx";
import { useAttempt } from "../use-attempt.ts";
import { keepAsNew } from "./keep-as-new.ts";

interface Props {
  of: OpenDocument;
  username: string;
  /** The note, if it was deleted while it was open. */
  deleted: Note | undefined;
  /** Called while the text is copied. It must not change meanwhile. */
  busy: (busy: boolean) => void;
}

export function Notice({ of, username, deleted, busy }: Props) {
  const { board } = of.note;
  const writes = mayWrite(accessTo(board));
  const [isCopying, setCopying] = useState(false);
  const { busy: isRestoring, failure, attempt } = useAttempt();
  const isReplaced = of.replaced.value;
  const isDeleted = deleted !== undefined || isReplaced;
  const isRefused = of.saving.value === "refused" || !writes;
  useEffect(() => {
    // What was refused is sent once the user may write again.
    if (writes && of.saving.peek() === "refused") void of.flush();
  }, [of, writes]);
  if (!isDeleted && !isRefused) return null;
  const keep = async () => {
    setCopying(true);
    busy(true);
    go({ view: "read", ...(await keepAsNew(of, board, username)) });
  };
  /** The list shows the restored note, which is read again then. */
  const putBack = (note: Note) => attempt(async () => void (await restore(board, trashId(note))));
  const discard = async () => {
    await of.discard();
    go({ view: "list", board });
  };
  return (
    <section class="notice" role="alert" aria-labelledby="notice-heading">
      <h2 id="notice-heading">{isDeleted ? messages.note.deleted : messages.editor.saving.refused}</h2>
      <p>{isDeleted ? hintOf(of) : writes ? of.problem.value?.message : messages.boards.keptNote}</p>
      {failure && <p>{failure}</p>}
      <div class="actions">
        {writes && deleted && !isReplaced && (
          <button
            type="button"
            class="primary"
            disabled={isRestoring || isCopying}
            onClick={() => void putBack(deleted)}
          >
            {messages.boards.trash.restore}
          </button>
        )}
        {writes && (
          <button type="button" disabled={isCopying} onClick={() => void keep()}>
            {messages.editor.keep}
          </button>
        )}
        {isRefused && (
          <button type="button" disabled={isCopying} onClick={() => void discard()}>
            {messages.editor.discard}
          </button>
        )}
        <BackToList />
      </div>
    </section>
  );
}

function hintOf({ replaced }: OpenDocument): string {
  return replaced.value ? messages.editor.replaced : messages.editor.deletedHint;
}
