// The actions on a note that are not needed all the time.

import { useState } from "preact/hooks";
import { boards, mayWrite } from "../../boards/boards.ts";
import { deleteNote } from "../../deletion.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import { messages } from "../../messages.ts";
import type { Note } from "../../note.ts";
import { go, href } from "../../route.ts";
import { MoveNote } from "../boards/move-note.tsx";
import { Dialog } from "../dialog.tsx";
import { Details } from "./details.tsx";
import { Menu } from "./menu.tsx";

const words = messages.editor.actions;

interface Props {
  of: OpenDocument;
  /** The note on the server, if it is known. */
  note: Note | undefined;
  writable: boolean;
}

export function Actions({ of, note, writable }: Props) {
  const { board } = of.note;
  const [dialog, setDialog] = useState<"details" | "move">();
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
      {note && dialog === "details" && <Details note={note} length={of.text.length} close={close} />}
      {note && dialog === "move" && (
        <Dialog heading={messages.boards.move.label} close={close}>
          <MoveNote board={board} note={note} before={() => of.flush()} />
        </Dialog>
      )}
    </>
  );
}
