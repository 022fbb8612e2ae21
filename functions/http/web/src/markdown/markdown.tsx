// A text that a person wrote in Markdown, as elements.

import { useMemo } from "preact/hooks";
import { words } from "../words.ts";
import { elements } from "./elements.tsx";
import { parse } from "./parse.ts";

export function Markdown({ text }: { text: string }) {
  const children = useMemo(() => laidOut(text), [text]);
  if (children !== undefined) return <div class="markdown">{children}</div>;
  return (
    <div class="markdown">
      <p class="hint">{words.note.asWritten}</p>
      <p class="written" dir="auto">
        {text}
      </p>
    </div>
  );
}

function laidOut(text: string) {
  const tokens = parse(text);
  return tokens && elements(tokens);
}
