// The actions on a note that are not needed all the time.

import { useState } from "preact/hooks";
import { boards, mayWrite } from "../../boards/boards.ts";
import { deleteNote } from "../../deletion.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { Editor } from "../../editor/editor.ts";
import { messages } from "../../messages.ts";
import type { Note } from "../../note.ts";
import { go, href } from "../../route.ts";
import { MoveNote } from "../boards/move-note.tsx";
import { Chunk } from "../chunk.tsx";
import { Dialog } from "../dialog.tsx";
import { Details } from "./details.tsx";
import { Menu } from "./menu.tsx";

const words = messages.editor.actions;

const noteHistory = new Chunk(() => import("../history/history.tsx"));
const History = noteHistory.view(({ History }) => History);

interface Props {
  of: OpenDocument;
  /** The note on the server, if it is known. */
  note: Note | undefined;
  writable: boolean;
  editor: Editor | undefined;
}

export function Actions({ of, note, writable, editor }: Props) {
  const { board } = of.note;
  const [dialog, setDialog] = useState<"details" | "history" | "move">();
  const [outcome, setOutcome] = useState("");
  const close = () => setDialog(undefined);
  const copy = async () => {
    const address = new URL(href({ view: "read", ...of.note }), location.href).href;
    setOutcome("");
    const isCopied = await navigator.clipboard.writeText(address).then(
      () => true,
      () => false,
    );
    setOutcome(isCopied ? words.copied : words.notCopied);
  };
  const openHistory = () => {
    setOutcome("");
    setDialog("history");
  };
  const restored = (isRestored: boolean) => {
    close();
    if (isRestored) setOutcome(messages.editor.history.restored);
    // The dialog, which gives the focus back when it closes, is gone then.
    requestAnimationFrame(() => editor?.view.focus());
  };
  const remove = (note: Note) => {
    deleteNote(board, note, () => of.flush());
    go({ view: "list", board });
  };
  const canMove = boards.value.some(({ id, role }) => id !== board && mayWrite(role));
  return (
    <>
      <Menu label={words.more}>
        <button type="button" onClick={() => void copy()}>
          {words.copyLink}
        </button>
        <button type="button" onClick={() => print()}>
          {words.print}
        </button>
        {note && (
          <button type="button" onClick={() => setDialog("details")}>
            {words.details}
          </button>
        )}
        {note && writable && editor && (
          <button type="button" onClick={openHistory}>
            {messages.editor.history.heading}
          </button>
        )}
        {note && writable && canMove && (
          <button type="button" onClick={() => setDialog("move")}>
            {words.move}
          </button>
        )}
        {note && writable && (
          <button type="button" class="danger" data-key="#" onClick={() => remove(note)}>
            {words.delete}
          </button>
        )}
      </Menu>
      <p class="outcome" role="status">
        {outcome}
      </p>
      {note && dialog === "details" && <Details id={of.note} note={note} length={of.text.length} close={close} />}
      {note && writable && editor && dialog === "history" && (
        <Dialog heading={messages.editor.history.heading} close={close}>
          <History of={of} editor={editor} done={restored} />
          <div class="actions">
            <button type="button" onClick={close}>
              {messages.editor.history.close}
            </button>
          </div>
        </Dialog>
      )}
      {note && dialog === "move" && (
        <Dialog heading={messages.boards.move.label} close={close}>
          <MoveNote board={board} note={note} before={() => of.flush()} />
        </Dialog>
      )}
    </>
  );
}
