// What restoring a version would change, line by line.

import { useMemo } from "preact/hooks";
import { compare, type Gap, type Line } from "../../editor/compare.ts";
import { messages } from "../../messages.ts";

const words = messages.editor.history;

/** Maximum number of lines to show. */
const MAX_LINES = 2_000;

interface Props {
  /** The title and the text as they are now. */
  title: string;
  text: string;
  /** The title of the version, if it is another one. */
  newTitle: string | undefined;
  newText: string;
}

export function Changes({ title, text, newTitle, newText }: Props) {
  // A long comparison takes a while.
  const lines = useMemo(() => compare(text, newText), [text, newText]);
  const count = (kind: Line["kind"]) => lines.filter((line) => line.kind === kind).length;
  const [added, removed] = [count("added"), count("removed")];
  const hidden = lines.slice(MAX_LINES).reduce((sum, line) => sum + (line.kind === "gap" ? line.lines : 1), 0);
  return (
    <>
      <p role="status">{words.summary(added, removed)}</p>
      <section class="changes" aria-label={words.changes} tabIndex={0}>
        {newTitle !== undefined && (
          <>
            <h3>{words.title}</h3>
            <Row line={{ kind: "removed", parts: [{ text: title, changed: true }] }} />
            <Row line={{ kind: "added", parts: [{ text: newTitle, changed: true }] }} />
          </>
        )}
        {added + removed > 0 && (
          <>
            <h3>{words.text}</h3>
            {lines.slice(0, MAX_LINES).map((line, index) => (
              <Row key={index} line={line} />
            ))}
            {hidden > 0 && <p class="hint">{words.more(hidden)}</p>}
          </>
        )}
      </section>
    </>
  );
}

const SIGNS = { added: "+", removed: "−", same: "" };

function Row({ line }: { line: Line | Gap }) {
  if (line.kind === "gap") return <p class="hint">{words.gap(line.lines)}</p>;
  const { kind, parts } = line;
  const Changed = kind === "added" ? "ins" : "del";
  // Where all of a line is new, its sign says enough.
  const partly = parts.length > 1;
  return (
    <p class={`line ${kind} ${partly ? "partly" : ""}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      {kind !== "same" && <span class="unseen">{words[kind]}</span>}
      <span dir="auto">{parts.map(({ text, changed }) => (changed ? <Changed>{text}</Changed> : text))}</span>
    </p>
  );
}
