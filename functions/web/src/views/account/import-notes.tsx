// What was exported, back in.

import { useId, useRef } from "preact/hooks";
import { beginImport, importing } from "../../archive/archive.ts";
import type { Import } from "../../archive/import.ts";
import type { State } from "../../archive/transfer.ts";
import { words } from "../../words.ts";

export function ImportNotes() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const now = importing.value;
  const state = now?.state.value;
  const running = state?.state === "running";
  const mayGoOn = state?.state === "stopped" || state?.state === "cancelled";

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (running) return now?.cancel();
    const file = input.current?.files?.[0];
    if (file !== undefined) beginImport(file);
  };
  return (
    <section aria-labelledby="import-heading">
      <h2 id="import-heading">{words.account.import.heading}</h2>
      <p>{words.account.import.explain}</p>
      <p role="status">{now && state && saidOf(now, state)}</p>
      {state?.state === "stopped" && <p role="alert">{state.failure}</p>}
      {now && state?.state === "refused" && (
        <p role="alert">{words.account.import.nothing(now.file.name, state.reason)}</p>
      )}
      {now && (state?.state !== "refused" || now.reached.value.lines > 0) && <Reached of={now} />}
      <form onSubmit={submit}>
        {!running && (
          <div class="field">
            <label for={id}>{words.account.import.file}</label>
            <input id={id} ref={input} type="file" accept=".ndjson,application/x-ndjson" required />
          </div>
        )}
        <div class="actions">
          {/* One button, whatever it does: so the focus stays on it. */}
          <button type="submit">{running ? words.account.transfer.cancel : words.account.import.begin}</button>
          {mayGoOn && (
            <button type="button" class="primary" onClick={() => void now?.run()}>
              {words.account.transfer.goOn}
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

function saidOf({ file, reached }: Import, { state }: State): string {
  switch (state) {
    case "running":
      return words.account.import.running(file.name);
    case "done": {
      const { created, skipped, refused } = reached.value;
      const nothing = created + skipped === 0;
      return nothing ? words.account.import.allRefused(file.name) : words.account.import.done(file.name, refused);
    }
    case "cancelled":
      return words.account.transfer.cancelled;
    case "stopped":
    case "refused":
      return "";
  }
}

function Reached({ of }: { of: Import }) {
  const { bytes, created, skipped, refused, told } = of.reached.value;
  const { state } = of.state.value;
  return (
    <>
      {state !== "done" && state !== "refused" && (
        <progress aria-label={words.account.import.progress} max={of.file.size} value={bytes} />
      )}
      <p>{words.account.import.so(created, skipped, refused)}</p>
      {told.length > 0 && (
        <>
          <h3 id="refused-heading">{words.account.import.refused}</h3>
          <ul class="refused" aria-labelledby="refused-heading" tabIndex={0}>
            {told.map(({ line, key, why }) => (
              <li key={line}>{words.account.import.line(line, key, why)}</li>
            ))}
            {refused > told.length && <li>{words.account.import.more(refused - told.length)}</li>}
          </ul>
        </>
      )}
    </>
  );
}
