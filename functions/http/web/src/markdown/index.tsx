// A text in Markdown. What reads it is fetched when the first text is shown; until then, or if it cannot be had, the text is
// shown as it was written.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

type Laid = typeof import("./markdown.tsx");

const laid = signal<Laid>();
let fetching: Promise<void> | undefined;

export function Markdown({ text }: { text: string }) {
  useEffect(() => void fetchReader(), []);
  if (laid.value !== undefined) return <laid.value.Markdown text={text} />;
  return (
    <div class="markdown">
      <p class="written" dir="auto">
        {text}
      </p>
    </div>
  );
}

/** Fetches it, unless that has been done; the next text tries again what failed, as offline. */
export function fetchReader(): Promise<void> {
  fetching ??= import("./markdown.tsx").then(
    (fetched) => {
      laid.value = fetched;
    },
    () => {
      fetching = undefined;
    },
  );
  return fetching;
}
