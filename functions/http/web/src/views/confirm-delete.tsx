// The question before a note is deleted. The browser's own dialog keeps the focus in it and gives it back.

import { useLayoutEffect, useRef } from "preact/hooks";

export function ConfirmDelete({ title, confirm, cancel }: { title: string; confirm: () => void; cancel: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} aria-labelledby="delete-heading" onClose={cancel}>
      <h2 id="delete-heading">Delete this note?</h2>
      <p>
        <q dir="auto">{title}</q> will be gone for everyone.
      </p>
      <div class="actions">
        <button type="button" autofocus onClick={close}>
          Keep it
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            confirm();
          }}
        >
          Delete the note
        </button>
      </div>
    </dialog>
  );
}
