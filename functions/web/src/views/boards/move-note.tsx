// Moving a note to another board.

import { boards, mayWrite } from "../../boards/boards.ts";
import { messages } from "../../messages.ts";
import type { Note, NoteId } from "../../note.ts";
import { go } from "../../route.ts";
import { move } from "../../server/api.ts";
import { Problem } from "../../server/problem.ts";
import { text, useSubmission } from "../submission.ts";

const words = messages.boards.move;

/** Number of attempts to move a note that others are changing. */
const ATTEMPTS = 5;

interface Props {
  board: string;
  note: Note;
  /** Called before the note is moved. */
  before: () => Promise<void>;
}

export function MoveNote({ board, note, before }: Props) {
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    const to = text(fields, "board");
    await before();
    await moveCurrent({ board, key: note.key }, to);
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

/** Moves the note at whatever version it is: edits of its text move with it. */
async function moveCurrent(id: NoteId, to: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const outcome = await move(id, to);
    if (outcome.kind === "moved") return;
    if (outcome.kind === "gone") throw new Problem(0, words.gone);
  }
  throw new Problem(0, words.changed);
}
