// A comment that can no longer be sent, because its author may not write on the board any more.

import { useEffect, useId, useState } from "preact/hooks";
import { CommentDraft } from "../../drafts/comment-drafts.ts";
import { messages } from "../../messages.ts";
import type { NoteId } from "../../note.ts";

export function KeptComment({ note: { board, key }, username }: { note: NoteId; username: string }) {
  const id = useId();
  const [draft, setDraft] = useState<CommentDraft>();
  useEffect(() => void CommentDraft.of(username, { board, key }).then(setDraft), [username, board, key]);
  if (draft === undefined || draft.text.trim() === "") return null;
  const discard = () => {
    draft.keep("");
    setDraft(undefined);
  };
  return (
    <div class="field">
      <p role="alert">{messages.boards.keptComment}</p>
      <label for={id}>{messages.boards.yourComment}</label>
      <textarea id={id} dir="auto" rows={3} readOnly value={draft.text} />
      <button type="button" onClick={discard}>
        {messages.boards.discard}
      </button>
    </div>
  );
}
