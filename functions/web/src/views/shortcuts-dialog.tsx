// A dialog that lists the keyboard shortcuts.

import { messages } from "../messages.ts";
import { dialogOpen, KEYS, singleKeys, switchSingleKeys } from "../shortcuts.ts";
import { Dialog } from "./dialog.tsx";

export function ShortcutsDialog() {
  const close = () => (dialogOpen.value = false);
  return (
    <Dialog heading={messages.keys.heading} close={close}>
      <dl class="keys">
        {KEYS.map((key) => (
          <Row key={key} name={key} does={messages.keys.actions[key]} />
        ))}
        {messages.keys.always.map(([name, does]) => (
          <Row key={name} name={name} does={does} />
        ))}
      </dl>
      <label class="choice">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => switchSingleKeys(event.currentTarget.checked)}
        />
        {messages.keys.single}
      </label>
      <div class="actions">
        <button type="button" autofocus onClick={close}>
          {messages.keys.close}
        </button>
      </div>
    </Dialog>
  );
}

function Row({ name, does }: { name: string; does: string }) {
  return (
    <div>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
