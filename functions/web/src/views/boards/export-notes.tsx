// All notes of a board out, as a file.

import { useEffect, useRef, useState } from "preact/hooks";
import { beginExport } from "../../archive/archive.ts";
import type { Export } from "../../archive/export.ts";
import { exporting } from "../../archive/running.ts";
import { count } from "../../list/count.ts";
import { messages } from "../../messages.ts";

export function ExportNotes({ board }: { board: string }) {
  const now = exporting.value?.board === board ? exporting.value.transfer : undefined;
  const state = now?.state.value;
  return (
    <section aria-labelledby="export-heading">
      <h2 id="export-heading">{messages.account.export.heading}</h2>
      <p>{messages.account.export.explain}</p>
      {now && state?.state === "running" && <Progress of={now} />}
      <p role="status">
        {now && state?.state === "done" && messages.account.export.done(now.notes.value)}
        {state?.state === "cancelled" && messages.account.transfer.cancelled}
      </p>
      {state?.state === "stopped" && <p role="alert">{state.failure}</p>}
      {now && state?.state === "done" && <Save of={now} />}
      <div class="actions">
        {/* One button, whatever it does: so the focus stays on it. */}
        <button type="button" onClick={() => act(board, now)}>
          {state?.state === "running"
            ? messages.account.transfer.cancel
            : state?.state === "stopped"
              ? messages.account.transfer.resume
              : messages.account.export.begin}
        </button>
      </div>
    </section>
  );
}

function act(board: string, now: Export | undefined): void {
  switch (now?.state.peek().state) {
    case "running":
      return now.cancel();
    case "stopped":
      return void now.run();
    default:
      return beginExport(board);
  }
}

function Progress({ of }: { of: Export }) {
  const notes = of.notes.value;
  // Notes may be written meanwhile, or the list not be there yet.
  const all = count.value;
  return (
    <>
      <progress
        aria-label={messages.account.export.progress}
        {...(all !== undefined && all > 0 && { max: Math.max(all, notes), value: notes })}
      />
      <p>{messages.account.export.running(notes)}</p>
    </>
  );
}

/** Exports that were saved without being asked. */
const saved = new WeakSet<Export>();

/** The file: it is saved at once by whoever sees it come, and again at a press. */
function Save({ of }: { of: Export }) {
  const link = useRef<HTMLAnchorElement>(null);
  const [file, setFile] = useState<{ url: string; bytes: number }>();
  useEffect(() => {
    const blob = of.file();
    const url = URL.createObjectURL(blob);
    setFile({ url, bytes: blob.size });
    return () => URL.revokeObjectURL(url);
  }, [of]);
  useEffect(() => {
    if (file === undefined || saved.has(of)) return;
    saved.add(of);
    link.current?.click();
  }, [file]);
  const name = messages.account.export.name(of.begun);
  return (
    <p>
      {file && (
        <a ref={link} href={file.url} download={name}>
          {messages.account.export.download(name, file.bytes)}
        </a>
      )}
    </p>
  );
}
