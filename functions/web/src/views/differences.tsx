// Two texts and where they differ: what is only in one of them is marked, in more than colour.

import { useEffect, useState } from "preact/hooks";
import { messages } from "../messages.ts";
import type { Draft } from "../note.ts";
import type { Part, Row } from "../writing/differences.ts";

type Side = "theirs" | "mine";

export function Differences({ theirs, mine }: { theirs: Draft; mine: Draft }) {
  const [rows, setRows] = useState<Row[]>();
  useEffect(() => {
    let abandoned = false;
    // Where the comparison cannot be loaded, all of both is shown.
    const whole: Row[] = [{ kind: "changed", theirs: all(theirs), mine: all(mine) }];
    void import("../writing/differences.ts")
      .then(
        ({ differences }) => differences(text(theirs), text(mine)),
        () => whole,
      )
      .then((rows) => abandoned || setRows(rows));
    return () => {
      abandoned = true;
    };
  }, [theirs, mine.title, mine.body]);

  if (rows === undefined) return <p role="status">{messages.conflict.comparing}</p>;
  return (
    <div class="differences" tabIndex={0} role="group" aria-label={messages.conflict.differences}>
      {rows.map((row, index) => (
        <Lines key={index} row={row} />
      ))}
    </div>
  );
}

function Lines({ row }: { row: Row }) {
  switch (row.kind) {
    case "same":
      return (
        <p class="same" dir="auto">
          {row.text}
        </p>
      );
    case "changed":
      return (
        <>
          {row.theirs && <Line side="theirs" parts={row.theirs} />}
          {row.mine && <Line side="mine" parts={row.mine} />}
        </>
      );
    case "skipped":
      return <p class="skipped">{messages.conflict.alike(row.lines)}</p>;
    case "more":
      return <p class="skipped">{messages.conflict.more(row.lines)}</p>;
  }
}

function Line({ side, parts }: { side: Side; parts: Part[] }) {
  const Mark = side === "theirs" ? "del" : "ins";
  return (
    <p class={side} dir="auto">
      <span class="unseen">{messages.conflict[side]}: </span>
      {parts.map(({ text, changed }, index) => (changed ? <Mark key={index}>{text}</Mark> : text))}
    </p>
  );
}

function text({ title, body }: Draft): string {
  return `${title}\n${body}`;
}

function all(draft: Draft): Part[] {
  return [{ text: text(draft), changed: true }];
}
