// A component that shows Markdown.

import type { ComponentChild } from "preact";
import { messages } from "../messages.ts";
import { type Around, elements } from "./elements.tsx";
import { parse } from "./parse.ts";

/** Returns the elements of a text. They may be shown repeatedly, in one place at a time. `around` is where they are shown. */
export function layOut(text: string, around?: Around): ComponentChild {
  const tokens = parse(text);
  if (tokens !== undefined) return <div class="markdown">{elements(tokens, around)}</div>;
  return (
    <div class="markdown">
      <p class="hint">{messages.note.asWritten}</p>
      <p class="written" dir="auto">
        {text}
      </p>
    </div>
  );
}
