// An end to a board.

import { useState } from "preact/hooks";
import { goToTeam } from "../../boards/boards.ts";
import { readBoards } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import { type Board, deleteBoard } from "../../server/boards.ts";
import { Problem } from "../../server/problem.ts";
import { Dialog } from "../dialog.tsx";
import { Outcome } from "../outcome.tsx";
import { useAttempt } from "../use-attempt.ts";

const { deletion } = messages.boards;

export function DeleteBoard({ board }: { board: Board }) {
  const [asked, setAsked] = useState(false);
  const { busy, done, failure, attempt } = useAttempt();
  const remove = () =>
    attempt(async () => {
      setAsked(false);
      try {
        await deleteBoard(board);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 412) throw error;
        await readBoards();
        throw new Problem(412, deletion.changed);
      }
      goToTeam();
    });
  return (
    <section aria-labelledby="delete-board-heading">
      <h2 id="delete-board-heading">{deletion.heading}</h2>
      <p>{deletion.explain}</p>
      <Outcome done={done} failure={failure} />
      <button type="button" class="danger" disabled={busy} onClick={() => setAsked(true)}>
        {deletion.ask}
      </button>
      {asked && (
        <Dialog heading={deletion.question(board.name)} close={() => setAsked(false)}>
          <p>{deletion.explain}</p>
          <div class="actions">
            <button type="button" autofocus onClick={() => setAsked(false)}>
              {deletion.keep}
            </button>
            <button type="button" class="danger" onClick={() => void remove()}>
              {deletion.confirm}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
