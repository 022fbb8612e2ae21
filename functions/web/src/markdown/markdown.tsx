// A component that shows Markdown.

import type { ComponentChild } from "preact";
import { messages } from "../messages.ts";
import { elements, type Source } from "./elements.tsx";
import { parse } from "./parse.ts";

/** Returns the elements of a text. They may be shown repeatedly, in one place at a time. With `source`, beside its editor. */
export function layOut(text: string, source?: Source): ComponentChild {
  const tokens = parse(text);
  if (tokens !== undefined) return <div class="markdown">{elements(tokens, source)}</div>;
  return (
    <div class="markdown">
      <p class="hint">{messages.note.asWritten}</p>
      <p class="written" dir="auto">
        {text}
      </p>
    </div>
  );
}
