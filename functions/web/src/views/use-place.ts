// A hook that goes to the heading or the footnote that an address names.

import type { ComponentChild, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Calls `go` with the element of an anchor, once the text has it. Later changes of the text do not move it again. */
export function usePlace(
  article: RefObject<HTMLElement | null>,
  at: string | undefined,
  text: ComponentChild,
  go: (place: HTMLElement) => void,
): void {
  const reached = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (at === undefined || reached.current === at) return;
    const place = article.current?.querySelector<HTMLElement>(`[data-anchor="${CSS.escape(at)}"]`);
    if (!place) return;
    reached.current = at;
    go(place);
  }, [at, text]);
}
