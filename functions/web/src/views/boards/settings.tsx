// The settings of a board, for its owners.

import { useState } from "preact/hooks";
import { boardOf } from "../../boards/boards.ts";
import { readBoards } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import { type Board, changeBoard } from "../../server/boards.ts";
import { Problem } from "../../server/problem.ts";
import { useSubmission } from "../submission.ts";
import { SettingsFields, settingsIn } from "./settings-fields.tsx";

export function Settings({ board }: { board: Board }) {
  // The version that a save replaces. The fields show another one only after a conflict, so that typing is not interrupted.
  const [shown, setShown] = useState(board);
  // How often another version replaced the fields.
  const [replaced, setReplaced] = useState(0);
  const [done, setDone] = useState("");
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    setDone("");
    try {
      setShown(await changeBoard(shown, settingsIn(fields)));
      setDone(messages.boards.settings.saved);
      await readBoards().catch(() => {});
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      await readBoards();
      setShown(boardOf(board.id) ?? shown);
      setReplaced((count) => count + 1);
      throw new Problem(412, messages.boards.settings.changed);
    }
  });
  return (
    <section aria-labelledby="settings-heading">
      <h2 id="settings-heading">{messages.boards.settings.heading}</h2>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <SettingsFields key={replaced} initial={shown} error={problem?.errors["name"]} />
        <p role="status">{done}</p>
        <button type="submit" class="primary" disabled={busy}>
          {messages.boards.settings.save}
        </button>
      </form>
    </section>
  );
}
