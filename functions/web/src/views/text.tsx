// A note's text, with its Markdown shown. What lays it out is loaded once the page stands.

import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";

let loading: Promise<typeof import("../markdown/markdown.tsx")> | undefined;

/** Loads what lays out texts. Where that fails it is tried again for the next text. */
export function loadMarkdown(): Promise<typeof import("../markdown/markdown.tsx")> {
  loading ??= import("../markdown/markdown.tsx");
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * The elements of a text; nothing until they are there. While a text takes the place of another, the former's are returned.
 *
 * A text is laid out in a task of its own, and shown in another: together, and with the rendering of the view around it,
 * they would keep the page from answering for as long as all of them take.
 */
export function useText(text: string | undefined): ComponentChild {
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
      ({ layOut }) => show(layOut),
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
