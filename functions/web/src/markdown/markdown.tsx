// A text that a person wrote in Markdown, as elements.

import type { ComponentChild } from "preact";
import { messages } from "../messages.ts";
import { elements } from "./elements.tsx";
import { parse } from "./parse.ts";

/** Lays out a text. The elements may be shown again and again, in one place at a time. */
export function layOut(text: string): ComponentChild {
  const tokens = parse(text);
  if (tokens !== undefined) return <div class="markdown">{elements(tokens)}</div>;
  return (
    <div class="markdown">
      <p class="hint">{messages.note.asWritten}</p>
      <p class="written" dir="auto">
        {text}
      </p>
    </div>
  );
}
