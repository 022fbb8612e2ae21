// A dialog that goes to another board: type a part of its name, choose with the arrow keys, press Enter.

import { useId, useState } from "preact/hooks";
import { boardDialog, boards } from "../../boards/boards.ts";
import { matching } from "../../list/filter.ts";
import { messages } from "../../messages.ts";
import { go } from "../../route.ts";
import { Dialog } from "../dialog.tsx";

export function SwitchBoard() {
  const id = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = matching(boards.value, query, ({ name }) => name);
  // The list may have become shorter.
  const chosen = Math.min(at, found.length - 1);
  const close = () => (boardDialog.value = undefined);
  const open = (board: string) => {
    close();
    go({ view: "list", board });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || found.length === 0) return;
    event.preventDefault();
    const next = (chosen + step + found.length) % found.length;
    setAt(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Dialog heading={messages.boards.switch.heading} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const board = found[chosen];
          if (board !== undefined) open(board.id);
        }}
      >
        <input
          type="text"
          role="combobox"
          aria-label={messages.boards.switch.filter}
          placeholder={messages.boards.switch.filter}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen < 0 ? undefined : `${id}-${chosen}`}
          autocomplete="off"
          autofocus
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </form>
      <div id={`${id}-list`} class="choices" role="listbox" aria-label={messages.boards.heading}>
        {found.map(({ id: board, name, unread }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field handles the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the text field keeps the focus
          <div
            key={board}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            class={unread ? "unread" : ""}
            onClick={() => open(board)}
          >
            <bdi>{name}</bdi>
            {unread && <span class="unseen"> ({messages.boards.unread})</span>}
          </div>
        ))}
      </div>
      <p class="hint" role="status">
        {messages.boards.switch.found(found.length)}
      </p>
      <button type="button" onClick={close}>
        {messages.boards.cancel}
      </button>
    </Dialog>
  );
}
