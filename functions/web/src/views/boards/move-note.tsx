// Moving a note to another board.

import { boards, mayWrite } from "../../boards/boards.ts";
import { messages } from "../../messages.ts";
import type { Note } from "../../note.ts";
import { go } from "../../route.ts";
import { move } from "../../server/api.ts";
import { Problem } from "../../server/problem.ts";
import { text, useSubmission } from "../submission.ts";

const words = messages.boards.move;

export function MoveNote({ board, note }: { board: string; note: Note }) {
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    const to = text(fields, "board");
    const { kind } = await move({ board, key: note.key }, note.version, to);
    if (kind !== "moved") throw new Problem(0, kind === "gone" ? words.gone : words.changed);
    go({ view: "read", board: to, key: note.key });
  });
  const others = boards.value.filter(({ id, role }) => id !== board && mayWrite(role));
  if (others.length === 0) return null;
  return (
    <form class="move" onSubmit={onSubmit}>
      <label>
        <span class="unseen">{words.label}</span>
        <select name="board" required>
          <option value="">{words.label}…</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={busy}>
        {words.move}
      </button>
      {problem && <p role="alert">{problem.message}</p>}
    </form>
  );
}
