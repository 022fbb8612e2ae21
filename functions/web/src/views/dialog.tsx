// A modal dialog. The browser's own dialog keeps the focus inside and restores it afterwards.

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
    // The browser restores the focus only after a dialog is closed, not after it is removed.
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <h2 id={id}>{heading}</h2>
      {children}
    </dialog>
  );
}
