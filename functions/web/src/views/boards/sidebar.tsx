// The boards, above the list of notes: one row that scrolls, so that nothing moves when the boards arrive.

import { useEffect, useRef } from "preact/hooks";
import { accessTo, boardDialog, boards, mayWrite } from "../../boards/boards.ts";
import { openBoard } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import { href } from "../../route.ts";

export function Boards() {
  const board = openBoard.value;
  const open = useRef<HTMLAnchorElement>(null);
  const known = boards.value.some(({ id }) => id === board);
  useEffect(() => open.current?.scrollIntoView({ block: "nearest", inline: "nearest" }), [board, known]);
  return (
    <nav class="boards" aria-label={messages.boards.heading}>
      <ul>
        {boards.value.map(({ id, name, unread }) => (
          <li key={id}>
            <a
              {...(id === board && { ref: open, "aria-current": "true" as const })}
              class={unread ? "unread" : ""}
              href={href({ view: "list", board: id })}
            >
              <bdi>{name}</bdi>
              {unread && <span class="unseen"> ({messages.boards.unread})</span>}
            </a>
          </li>
        ))}
      </ul>
      <div class="board-actions">
        <button type="button" onClick={() => (boardDialog.value = "new")}>
          {messages.boards.newBoard}
        </button>
        <button type="button" onClick={() => (boardDialog.value = "switch")}>
          {messages.boards.switch.heading}
        </button>
        {board !== undefined && accessTo(board) !== "gone" && (
          <a class="button" href={href({ view: "members", board })}>
            {messages.boards.members}
          </a>
        )}
        {board !== undefined && mayWrite(accessTo(board)) && (
          <a class="button" href={href({ view: "trash", board })}>
            {messages.boards.trash.heading}
          </a>
        )}
      </div>
    </nav>
  );
}
