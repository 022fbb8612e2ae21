// A dialog that creates a board.

import { boardDialog, goAfterChange } from "../../boards/boards.ts";
import { messages } from "../../messages.ts";
import { createBoard } from "../../server/boards.ts";
import { Dialog } from "../dialog.tsx";
import { useSubmission } from "../submission.ts";
import { SettingsFields, settingsIn } from "./settings-fields.tsx";

export function NewBoard() {
  const close = () => (boardDialog.value = undefined);
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    const { id } = await createBoard(settingsIn(fields));
    await goAfterChange({ view: "list", board: id });
    close();
  });
  return (
    <Dialog heading={messages.boards.newBoard} close={close}>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <SettingsFields initial={{ name: "", visibility: "private" }} error={problem?.errors["name"]} />
        <div class="actions">
          <button type="submit" class="primary" disabled={busy}>
            {messages.boards.settings.create}
          </button>
          <button type="button" onClick={close}>
            {messages.boards.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
