// A view's heading: it names the window, and takes the focus when the person has come to the view.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "../messages.ts";

/** The first view that opens leaves the focus where the browser put it. */
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
