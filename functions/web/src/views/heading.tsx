// The heading of a view. It sets the title of the window, and takes the focus when the user opens the view.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "../messages.ts";

/** Whether a view was shown before. The first view leaves the focus where the browser put it. */
let arrived = false;

export function Heading({ children }: { children: ComponentChildren }) {
  const element = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (arrived) element.current?.focus();
    arrived = true;
  }, []);
  useEffect(() => {
    const name = element.current?.textContent ?? "";
    document.title = name === "" || name === messages.name ? messages.name : messages.windowOf(name);
  });
  return (
    <h1 ref={element} tabIndex={-1} dir="auto">
      {children}
    </h1>
  );
}
