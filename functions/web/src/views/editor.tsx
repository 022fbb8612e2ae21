// Writing a note: a new one, or over one that stands. It saves by itself.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { commandKey, singleKey } from "../keyboard.ts";
import { messages } from "../messages.ts";
import type { Draft } from "../note.ts";
import { go } from "../route.ts";
import { session } from "../session.ts";
import { compose, rewrite, taken } from "../writing/desk.ts";
import type { Pen } from "../writing/pen.ts";
import { Conflict } from "./conflict.tsx";
import { Heading } from "./heading.tsx";
import { NoSuchNote, Opening } from "./no-note.tsx";
import { Presence } from "./presence.tsx";
import { useText } from "./text.tsx";
import { useNote } from "./use-note.ts";

/** How long nothing is typed before the preview follows. */
const PREVIEW_MS = 200;

/** Writing a new note. */
export function Compose({ username }: { username: string }) {
  const [pen] = useState(compose);
  return <Editor pen={pen} username={username} />;
}

/** Writing over a note; or going on with what was begun, whatever became of the note. */
export function Rewrite({ noteKey, username }: { noteKey: string; username: string }) {
  const live = useNote(noteKey);
  const [pen, setPen] = useState(() => taken(noteKey));
  const reading = live.reading.value;
  const ready = reading.state === "shown" && reading.doubt?.kind !== "outdated";
  useEffect(() => {
    if (pen === undefined && ready) setPen(rewrite(reading.note));
  }, [pen, ready]);

  if (pen !== undefined) return <Editor pen={pen} username={username} />;
  switch (reading.state) {
    case "none":
    case "deleted":
      return <NoSuchNote />;
    case "failed":
      return <p role="alert">{reading.message}</p>;
    default:
      return <Opening />;
  }
}

function Editor({ pen, username }: { pen: Pen; username: string }) {
  const { key, draft, base, obstacle } = pen.editing.value;
  const isNew = base === undefined && obstacle === undefined;
  const live = useNote(key, !isNew);
  const id = useId();
  const text = useRef<HTMLTextAreaElement>(null);
  const [began] = useState(isNew);

  useEffect(() => {
    pen.left.value = false;
    // Who was signed out has not left it: it is there when they are back.
    return () => {
      if (session.peek().state === "in") pen.leave();
    };
  }, [pen]);
  // What others do to it meanwhile.
  const reading = live.reading.value;
  useEffect(() => {
    if (reading.state === "shown") pen.follow(reading.note);
    else if (reading.state === "deleted") pen.lose();
  }, [reading]);

  const leave = () => go(pen.editing.peek().base === undefined ? { view: "home" } : { view: "read", key });
  const finish = async () => {
    await pen.save();
    const state = pen.saving.peek();
    if (state === "saved" || state === "offline") leave();
  };
  const drop = () => {
    pen.drop();
    go(base === undefined || obstacle?.kind === "deleted" ? { view: "home" } : { view: "read", key });
  };
  const [together, setTogether] = useState<number>();

  const errors = pen.problem.value?.errors ?? {};
  const saving = pen.saving.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts work in every field of the editor
    <section
      onKeyDown={(event) => {
        if (singleKey(event) === "Escape" && !event.defaultPrevented) leave();
        const command = commandKey(event);
        if (command === "Enter") void finish();
        else if (command === "s") {
          event.preventDefault();
          void pen.save();
        }
      }}
    >
      <Heading>{began ? messages.editor.newNote : messages.editor.editNote}</Heading>
      <Presence live={live} username={username} />
      {pen.resumed && !obstacle && saving !== "saved" && <p role="status">{messages.editor.resumed}</p>}
      {obstacle && (
        <Conflict
          pen={pen}
          obstacle={obstacle}
          saveMine={() => void pen.overwrite().then(finish)}
          dropMine={drop}
          merged={(conflicts) => {
            setTogether(conflicts);
            text.current?.focus();
          }}
        />
      )}
      {together !== undefined && saving === "unsaved" && (
        <p class="together" role="status">
          {together === 0 ? messages.conflict.mergedCleanly : messages.conflict.mergedWithMarks(together)}
        </p>
      )}
      <form
        class="editor"
        onSubmit={(event) => {
          event.preventDefault();
          // With something in the way, only the choice above saves: never the Enter key.
          if (obstacle === undefined) void finish();
        }}
      >
        {pen.problem.value && saving !== "offline" && <p role="alert">{pen.problem.value.message}</p>}
        <div class="field">
          <label for={`${id}-title`}>{messages.editor.title}</label>
          <input
            id={`${id}-title`}
            dir="auto"
            required
            value={draft.title}
            onInput={(event) => pen.type({ title: event.currentTarget.value })}
            aria-describedby={errors["title"] ? `${id}-title-error` : undefined}
            aria-invalid={errors["title"] ? true : undefined}
          />
          {errors["title"] && (
            <p id={`${id}-title-error`} class="error">
              {messages.accounts.fieldError(messages.editor.title, errors["title"])}
            </p>
          )}
        </div>
        <div class="sides">
          <div class="field">
            <label for={`${id}-body`}>{messages.editor.text}</label>
            <textarea
              id={`${id}-body`}
              ref={text}
              dir="auto"
              rows={14}
              value={draft.body}
              onInput={(event) => pen.type({ body: event.currentTarget.value })}
              aria-describedby={errors["body"] ? `${id}-hint ${id}-body-error` : `${id}-hint`}
              aria-invalid={errors["body"] ? true : undefined}
            />
            <p id={`${id}-hint`} class="hint">
              {messages.editor.textHint}
            </p>
            {errors["body"] && (
              <p id={`${id}-body-error`} class="error">
                {messages.accounts.fieldError(messages.editor.text, errors["body"])}
              </p>
            )}
          </div>
          <Preview text={draft.body} />
        </div>
        <div class="actions">
          {obstacle === undefined && (
            <button type="submit" class="primary">
              {messages.editor.done}
            </button>
          )}
          <button type="button" onClick={saving === "untitled" || saving === "stopped" ? drop : leave}>
            {saving === "untitled" || saving === "stopped" ? messages.editor.discard : messages.editor.back}
          </button>
          <p class="saving" role="status" data-state={saving}>
            {messages.editor.saving[saving]}
          </p>
        </div>
      </form>
    </section>
  );
}

function Preview({ text }: { text: Draft["body"] }) {
  const [shown, setShown] = useState(text);
  const laidOut = useText(shown);
  useEffect(() => {
    const timer = setTimeout(() => setShown(text), PREVIEW_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <section class="preview" aria-label={messages.editor.preview}>
      {/* biome-ignore lint/a11y/useHeadingContent: the section's label says the same */}
      <h2 aria-hidden="true">{messages.editor.preview}</h2>
      {shown.trim() === "" ? (
        <p class="empty">{messages.editor.nothingToPreview}</p>
      ) : (
        <div class="body">{laidOut}</div>
      )}
    </section>
  );
}
