// What stands in the way of saving, beside what the person wrote: the choice is theirs.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Obstacle } from "../editing.ts";

interface Props {
  obstacle: Obstacle;
  busy: boolean;
  saveMine: () => void;
  dropMine: () => void;
}

export function Conflict({ obstacle, busy, saveMine, dropMine }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [obstacle]);
  const changed = obstacle.kind === "changed";
  return (
    <section class="conflict" aria-labelledby="conflict-heading">
      <h2 id="conflict-heading" ref={heading} tabIndex={-1}>
        {changed ? "Someone changed this note while you were writing" : "Someone deleted this note while you were writing"}
      </h2>
      {obstacle.kind === "changed" && (
        <>
          <h3>
            As <span dir="auto">{obstacle.theirs.editor}</span> left it
          </h3>
          <blockquote>
            <p class="title" dir="auto">
              {obstacle.theirs.title}
            </p>
            <p class="body" dir="auto">
              {obstacle.theirs.body}
            </p>
          </blockquote>
        </>
      )}
      <p>Your text is below, not saved yet. You can go on writing before you choose.</p>
      <div class="actions">
        <button type="button" class="primary" disabled={busy} onClick={saveMine}>
          {changed ? "Save mine over it" : "Save mine as a new note"}
        </button>
        <button type="button" disabled={busy} onClick={dropMine}>
          {changed ? "Keep theirs, drop mine" : "Drop mine"}
        </button>
      </div>
    </section>
  );
}
