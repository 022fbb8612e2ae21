// What the keys do.

import { KEYS, sheetOpen, singleKeys, switchSingleKeys } from "../shortcuts.ts";
import { words } from "../words.ts";
import { Dialog } from "./dialog.tsx";

export function KeySheet() {
  const close = () => (sheetOpen.value = false);
  return (
    <Dialog heading={words.keys.heading} close={close}>
      <dl class="keys">
        {KEYS.map((key) => (
          <Row key={key} name={key} does={words.keys.what[key]} />
        ))}
        {words.keys.always.map(([name, does]) => (
          <Row key={name} name={name} does={does} />
        ))}
      </dl>
      <label class="choice">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => switchSingleKeys(event.currentTarget.checked)}
        />
        {words.keys.single}
      </label>
      <div class="actions">
        <button type="button" autofocus onClick={close}>
          {words.keys.close}
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
