// What stands in the way of a note that somebody has open: it was deleted, or cannot be saved. The text stays where it is.

import { useEffect, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../../boards/boards.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import { messages } from "../../messages.ts";
import { go } from "../../route.ts";
import { BackToList } from "../no-note.tsx";
import { keepAsNew } from "./keep-as-new.ts";

interface Props {
  of: OpenDocument;
  username: string;
  isDeleted: boolean;
  /** Called while the text is copied. It must not change meanwhile. */
  busy: (busy: boolean) => void;
}

export function Notice({ of, username, isDeleted, busy }: Props) {
  const { board } = of.note;
  const writes = mayWrite(accessTo(board));
  const [isCopying, setCopying] = useState(false);
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
  const discard = async () => {
    await of.discard();
    go({ view: "list", board });
  };
  return (
    <section class="notice" role="alert" aria-labelledby="notice-heading">
      <h2 id="notice-heading">{isDeleted ? messages.note.deleted : messages.editor.saving.refused}</h2>
      <p>{isDeleted ? hintOf(of) : writes ? of.problem.value?.message : messages.boards.keptNote}</p>
      <div class="actions">
        {writes && (
          <button type="button" class="primary" disabled={isCopying} onClick={() => void keep()}>
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
