// A question, or something to look at, before the page goes on. The browser's own dialog keeps the focus in it and gives it back.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  heading: string;
  close: () => void;
  children: ComponentChildren;
}

export function Dialog({ heading, close, children }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // The focus goes back only from a dialog that was closed, not from one that has vanished.
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <h2 id={id}>{heading}</h2>
      {children}
    </dialog>
  );
}
