// A note's text, with its Markdown shown. What renders it is loaded once the page stands.

import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";

type Renderer = FunctionComponent<{ text: string }>;

/** Nothing until it is loaded; `undefined` where it could not be, and texts are shown as they were typed. */
const renderer = signal<{ Markdown: Renderer | undefined } | undefined>(undefined);

let loading: Promise<void> | undefined;

export function loadMarkdown(): Promise<void> {
  loading ??= import("../markdown/markdown.tsx").then(
    ({ Markdown }) => void (renderer.value = { Markdown }),
    () => {
      renderer.value = { Markdown: undefined };
      // It is tried again for the next text.
      loading = undefined;
    },
  );
  return loading;
}

/** Whether texts can be shown. */
export function useMarkdown(): boolean {
  useEffect(() => void loadMarkdown(), []);
  return renderer.value !== undefined;
}

export function Text({ text }: { text: string }) {
  const Markdown = renderer.value?.Markdown;
  if (Markdown === undefined) {
    return (
      <p class="body plain" dir="auto">
        {text}
      </p>
    );
  }
  return (
    <div class="body">
      <Markdown text={text} />
    </div>
  );
}
