// What stands in the way of saving, with the differences to what the person wrote: the choice is theirs.

import { useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "../messages.ts";
import type { Draft, Note } from "../note.ts";
import type { Obstacle } from "../writing/editing.ts";
import type { Pen } from "../writing/pen.ts";
import { Differences } from "./differences.tsx";
import { Imported } from "./imported.tsx";
import { PersonName } from "./person.tsx";

interface Props {
  pen: Pen;
  obstacle: Obstacle;
  saveMine: () => void;
  dropMine: () => void;
  /** Called after both texts were put together in the editor: in how many places there is something to tidy up. */
  merged: (conflicts: number) => void;
}

export function Conflict({ pen, obstacle, saveMine, dropMine, merged }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [obstacle.kind]);
  const { draft } = pen.editing.value;
  const busy = pen.saving.value === "saving";
  return (
    <section class="conflict" aria-labelledby="conflict-heading">
      <h2 id="conflict-heading" ref={heading} tabIndex={-1}>
        {messages.conflict[obstacle.kind]}
      </h2>
      {obstacle.kind === "changed" && <Theirs theirs={obstacle.theirs} draft={draft} />}
      <p>{messages.conflict.explain}</p>
      <div class="actions">
        {obstacle.kind === "changed" && (
          <button type="button" disabled={busy} onClick={() => void putTogether(pen, obstacle.theirs).then(merged)}>
            {messages.conflict.merge}
          </button>
        )}
        <button type="button" class="primary" disabled={busy} onClick={saveMine}>
          {obstacle.kind === "changed" ? messages.conflict.saveMine : messages.conflict.saveMineAnew}
        </button>
        <button type="button" disabled={busy} onClick={dropMine}>
          {obstacle.kind === "changed" ? messages.conflict.keepTheirs : messages.conflict.dropMine}
        </button>
      </div>
    </section>
  );
}

function Theirs({ theirs, draft }: { theirs: Note; draft: Draft }) {
  const [before, after] = messages.conflict.leftBy;
  return (
    <>
      <h3>
        {before}
        <PersonName username={theirs.editor} />
        {after}
        <Imported by={theirs.importer} />
      </h3>
      <Differences theirs={theirs} mine={draft} />
    </>
  );
}

async function putTogether(pen: Pen, theirs: Note): Promise<number> {
  const { mergeDraft } = await import("../writing/merge.ts");
  const { base = { title: "", body: "" }, draft } = pen.editing.peek();
  const { markMine: mine, markTheirs } = messages.conflict;
  const together = mergeDraft(base, draft, theirs, { mine, theirs: markTheirs });
  pen.goOnWith(together.draft);
  return together.conflicts;
}
