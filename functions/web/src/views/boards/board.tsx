// A board: its members and invitations, its settings, and its notes out and in.

import { boardOf } from "../../boards/boards.ts";
import { messages } from "../../messages.ts";
import { TEAM } from "../../note.ts";
import { Heading } from "../heading.tsx";
import { DeleteBoard } from "./delete-board.tsx";
import { ExportNotes } from "./export-notes.tsx";
import { ImportNotes } from "./import-notes.tsx";
import { Invitations } from "./invitations.tsx";
import { Members } from "./members.tsx";
import { Settings } from "./settings.tsx";

export function BoardView({ id, username }: { id: string; username: string }) {
  const board = boardOf(id);
  if (board === undefined) return <p role="status">{messages.opening}</p>;
  const isOwner = board.role === "owner";
  return (
    <div class="own-account">
      <Heading>{messages.boards.people.of(board.name)}</Heading>
      <p>{messages.boards.mayDo[board.role]}</p>
      <Members board={board} username={username} />
      {isOwner && <Invitations board={id} />}
      {isOwner && <Settings board={board} />}
      <ExportNotes board={id} />
      {isOwner && <ImportNotes board={id} />}
      {isOwner && id !== TEAM && <DeleteBoard board={board} />}
    </div>
  );
}
