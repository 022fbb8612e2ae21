// The heading of a view. It sets the title of the window, and takes the focus when the user opens the view and types nowhere.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "../messages.ts";
import { isTyping } from "../shortcuts.ts";

/** Whether a view was shown before. The first view leaves the focus where the browser put it. */
let arrived = false;

/** With `unseen`, only screen readers and printers have the heading. */
export function Heading({ unseen = false, children }: { unseen?: boolean; children: ComponentChildren }) {
  const element = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (arrived && !isTyping(document.activeElement)) element.current?.focus();
    arrived = true;
  }, []);
  useEffect(() => {
    const name = element.current?.textContent ?? "";
    document.title = name === "" || name === messages.name ? messages.name : messages.windowOf(name);
  });
  return (
    <h1 ref={element} class={unseen ? "unseen" : undefined} tabIndex={-1} dir="auto">
      {children}
    </h1>
  );
}
