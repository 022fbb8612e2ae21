// Imports an exported file into a board.

import { useId, useRef } from "preact/hooks";
import { beginImport } from "../../archive/archive.ts";
import type { Import } from "../../archive/import.ts";
import { importing } from "../../archive/running.ts";
import type { State } from "../../archive/transfer.ts";
import { messages } from "../../messages.ts";

export function ImportNotes({ board }: { board: string }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const now = importing.value?.board === board ? importing.value.transfer : undefined;
  const state = now?.state.value;
  const running = state?.state === "running";
  const mayGoOn = state?.state === "stopped" || state?.state === "cancelled";

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (running) return now?.cancel();
    const file = input.current?.files?.[0];
    if (file !== undefined) beginImport(board, file);
  };
  return (
    <section aria-labelledby="import-heading">
      <h2 id="import-heading">{messages.account.import.heading}</h2>
      <p>{messages.account.import.explain}</p>
      <p role="status">{now && state && statusText(now, state)}</p>
      {state?.state === "stopped" && <p role="alert">{state.failure}</p>}
      {now && state?.state === "refused" && (
        <p role="alert">{messages.account.import.nothing(now.file.name, state.reason)}</p>
      )}
      {now && (state?.state !== "refused" || now.progress.value.lines > 0) && <ImportProgress of={now} />}
      <form onSubmit={submit}>
        {!running && (
          <div class="field">
            <label for={id}>{messages.account.import.file}</label>
            <input id={id} ref={input} type="file" accept=".ndjson,application/x-ndjson" required />
          </div>
        )}
        <div class="actions">
          {/* One button, whatever it does: so the focus stays on it. */}
          <button type="submit">{running ? messages.account.transfer.cancel : messages.account.import.begin}</button>
          {mayGoOn && (
            <button type="button" class="primary" onClick={() => void now?.run()}>
              {messages.account.transfer.resume}
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

function statusText({ file, progress }: Import, { state }: State): string {
  switch (state) {
    case "running":
      return messages.account.import.running(file.name);
    case "done": {
      const { created, skipped, refused } = progress.value;
      const nothing = created + skipped === 0;
      return nothing ? messages.account.import.allRefused(file.name) : messages.account.import.done(file.name, refused);
    }
    case "cancelled":
      return messages.account.transfer.cancelled;
    case "stopped":
    case "refused":
      return "";
  }
}

function ImportProgress({ of }: { of: Import }) {
  const { bytes, created, skipped, refused, rejections } = of.progress.value;
  const { state } = of.state.value;
  return (
    <>
      {state !== "done" && state !== "refused" && (
        <progress aria-label={messages.account.import.progress} max={of.file.size} value={bytes} />
      )}
      <p>{messages.account.import.counts(created, skipped, refused)}</p>
      {rejections.length > 0 && (
        <>
          <h3 id="refused-heading">{messages.account.import.refused}</h3>
          <ul class="refused" aria-labelledby="refused-heading" tabIndex={0}>
            {rejections.map(({ line, key, reason }) => (
              <li key={line}>{messages.account.import.line(line, key, reason)}</li>
            ))}
            {refused > rejections.length && <li>{messages.account.import.more(refused - rejections.length)}</li>}
          </ul>
        </>
      )}
    </>
  );
}
