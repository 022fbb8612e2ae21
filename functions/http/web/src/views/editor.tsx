// Writing a note: a new one, or over one that stands.

import { useId, useState } from "preact/hooks";
import { write } from "../api.ts";
import { NEW, drafts } from "../drafts.ts";
import { begin, edit, settle, type Editing } from "../editing.ts";
import type { Draft } from "../note.ts";
import { Problem } from "../problem.ts";
import { go, type Route } from "../route.ts";
import { Conflict } from "./conflict.tsx";
import { Heading } from "./heading.tsx";
import { WithNote } from "./with-note.tsx";

type Place = string | typeof NEW;

/** Writing a new note. */
export function Compose() {
  const [begun] = useState(() => drafts.get(NEW));
  return <Editor place={NEW} start={begun ?? begin(crypto.randomUUID())} resumed={begun !== undefined} />;
}

/** Writing over a note. */
export function Rewrite({ noteKey }: { noteKey: string }) {
  const [begun] = useState(() => drafts.get(noteKey));
  if (begun !== undefined) return <Editor place={noteKey} start={begun} resumed />;
  return (
    <WithNote noteKey={noteKey}>
      {(note) => <Editor place={noteKey} start={edit(note)} resumed={false} />}
    </WithNote>
  );
}

interface Props {
  place: Place;
  start: Editing;
  /** Whether this was begun before, and left without saving. */
  resumed: boolean;
}

function Editor({ place, start, resumed }: Props) {
  const [editing, setEditing] = useState(start);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const id = useId();
  const { draft, obstacle } = editing;

  const change = (next: Editing) => {
    drafts.keep(place, next);
    setEditing(next);
  };
  const type = (part: Partial<Draft>) => change({ ...editing, draft: { ...draft, ...part } });
  const leave = (to: Exclude<Route, { view: "unknown" }>) => {
    drafts.drop(place);
    go(to);
  };
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const settled = settle(editing, await write(editing.key, editing.base, draft));
      if ("done" in settled) leave({ view: "read", key: editing.key });
      else change(settled.open);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  const errors = problem?.errors ?? {};
  return (
    <section>
      <Heading>{place === NEW ? "New note" : "Edit note"}</Heading>
      {resumed && !obstacle && <p role="status">This is what you had begun to write. It is not saved yet.</p>}
      {obstacle && (
        <Conflict
          obstacle={obstacle}
          busy={busy}
          saveMine={save}
          dropMine={() => leave(obstacle.kind === "changed" ? { view: "read", key: editing.key } : { view: "home" })}
        />
      )}
      <form
        class="editor"
        onSubmit={(event) => {
          event.preventDefault();
          // With something in the way, only the choice above saves: never the Enter key.
          if (!busy && obstacle === undefined) void save();
        }}
      >
        {problem && <p role="alert">{problem.message}</p>}
        <div class="field">
          <label for={`${id}-title`}>Title</label>
          <input
            id={`${id}-title`}
            dir="auto"
            required
            readOnly={busy}
            value={draft.title}
            onInput={(event) => type({ title: event.currentTarget.value })}
            aria-describedby={errors["title"] ? `${id}-title-error` : undefined}
            aria-invalid={errors["title"] ? true : undefined}
          />
          {errors["title"] && (
            <p id={`${id}-title-error`} class="error">
              Title {errors["title"]}.
            </p>
          )}
        </div>
        <div class="field">
          <label for={`${id}-body`}>Text</label>
          <textarea
            id={`${id}-body`}
            dir="auto"
            rows={14}
            readOnly={busy}
            value={draft.body}
            onInput={(event) => type({ body: event.currentTarget.value })}
            aria-describedby={errors["body"] ? `${id}-body-error` : undefined}
            aria-invalid={errors["body"] ? true : undefined}
          />
          {errors["body"] && (
            <p id={`${id}-body-error`} class="error">
              Text {errors["body"]}.
            </p>
          )}
        </div>
        {obstacle === undefined && (
          <div class="actions">
            <button class="primary" disabled={busy}>
              Save
            </button>
            <button
              type="button"
              onClick={() => leave(place === NEW ? { view: "home" } : { view: "read", key: editing.key })}
            >
              Cancel
            </button>
          </div>
        )}
      </form>
    </section>
  );
}
