// Two texts and where they differ: what is only in one of them is marked, in more than colour.

import { useEffect, useState } from "preact/hooks";
import type { Draft } from "../note.ts";
import { words } from "../words.ts";
import type { differences as compare } from "../writing/differences.ts";

type Rows = ReturnType<typeof compare>;

export function Differences({ theirs, mine }: { theirs: Draft; mine: Draft }) {
  const [rows, setRows] = useState<Rows>();
  useEffect(() => {
    let abandoned = false;
    void import("../writing/differences.ts").then(({ differences }) => {
      if (!abandoned) setRows(differences(text(theirs), text(mine)));
    });
    return () => {
      abandoned = true;
    };
  }, [theirs, mine.title, mine.body]);

  if (rows === undefined) return <p role="status">{words.conflict.comparing}</p>;
  return (
    <div class="differences" tabIndex={0} role="group" aria-label={words.conflict.differences}>
      {rows.map((row, index) => (
        <p key={index} class={row.kind} dir="auto">
          {row.kind === "same" ? (
            row.text || " "
          ) : (
            <>
              <span class="unseen">{row.kind === "theirs" ? words.conflict.theirs : words.conflict.mine}: </span>
              {row.parts.map((part) => (part.changed ? mark(row.kind, part.text) : part.text))}
            </>
          )}
        </p>
      ))}
    </div>
  );
}

function mark(kind: "theirs" | "mine", text: string) {
  return kind === "theirs" ? <del>{text}</del> : <ins>{text}</ins>;
}

function text({ title, body }: Draft): string {
  return `${title}\n${body}`;
}
