// A button that opens a menu of actions.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { singleKey } from "../../keyboard.ts";

export function Menu({ label, children }: { label: string; children: ComponentChildren }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  // At once: the next key may follow before the browser has painted the menu.
  useLayoutEffect(() => {
    if (!open) return;
    const onPointer = ({ target }: Event) => {
      if (!element.current?.contains(target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (singleKey(event) !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener("pointerdown", onPointer);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("pointerdown", onPointer);
      removeEventListener("keydown", onKey);
    };
  }, [open]);
  return (
    <div
      ref={element}
      class="menu"
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget !== null && !element.current?.contains(relatedTarget as Node)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((open) => !open)}
      >
        ⋯
      </button>
      <div
        id={id}
        class="menu-items"
        hidden={!open}
        onClickCapture={() => {
          setOpen(false);
          // Before the item acts: a dialog that it opens gives the focus back when it closes, and the item is hidden then.
          button.current?.focus();
        }}
      >
        {children}
      </div>
    </div>
  );
}
