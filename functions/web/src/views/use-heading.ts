// A hook that goes to the heading that an address names.

import type { ComponentChild, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Calls `go` with the heading of an anchor, once the text has it. Later changes of the text do not move it again. */
export function useHeading(
  article: RefObject<HTMLElement | null>,
  at: string | undefined,
  text: ComponentChild,
  go: (heading: HTMLElement) => void,
): void {
  const reached = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (at === undefined || reached.current === at) return;
    const heading = article.current?.querySelector<HTMLElement>(`[data-anchor="${CSS.escape(at)}"]`);
    if (!heading) return;
    reached.current = at;
    go(heading);
  }, [at, text]);
}
