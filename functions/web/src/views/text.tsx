// The text of a note as Markdown. The parser is loaded after the page is shown.

import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Around } from "../markdown/elements.tsx";

let loading: Promise<typeof import("../markdown/markdown.tsx")> | undefined;

/** Loads the parser. After a failure, the next text tries again. */
export function loadMarkdown(): Promise<typeof import("../markdown/markdown.tsx")> {
  loading ??= import("../markdown/markdown.tsx");
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * Returns the elements of a text, once they exist. While a text replaces another, returns the elements of the former text.
 * `aroundOf` returns where a text is shown.
 *
 * Parsing and rendering run in separate tasks. In one task with the rendering of the view around it, they would keep the page
 * from responding for too long.
 */
export function useText(text: string | undefined, aroundOf: (text: string) => Around): ComponentChild {
  const [shown, setShown] = useState<ComponentChild>();
  useEffect(() => {
    if (text === undefined) return;
    let abandoned = false;
    const show = async (layOut: (text: string) => ComponentChild) => {
      await nextTask();
      if (abandoned) return;
      const laidOut = layOut(text);
      await nextTask();
      if (!abandoned) setShown(laidOut);
    };
    loadMarkdown().then(
      ({ layOut }) => show((text) => layOut(text, aroundOf(text))),
      () => show(asTyped),
    );
    return () => {
      abandoned = true;
    };
  }, [text]);
  return shown;
}

function nextTask(): Promise<void> {
  return new Promise((begin) => setTimeout(begin));
}

function asTyped(text: string): ComponentChild {
  return (
    <p class="plain" dir="auto">
      {text}
    </p>
  );
}
