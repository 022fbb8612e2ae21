// Writing a note: a new one, or over one that stands. It saves by itself.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../boards/boards.ts";
import { commandKey, singleKey } from "../keyboard.ts";
import { messages } from "../messages.ts";
import type { Draft, NoteId } from "../note.ts";
import { go } from "../route.ts";
import { session } from "../session.ts";
import { compose, rewrite, taken } from "../writing/desk.ts";
import { isUnsaved } from "../writing/editing.ts";
import type { Pen } from "../writing/pen.ts";
import { GoneBoard } from "./boards/gone.tsx";
import { Conflict } from "./conflict.tsx";
import { Heading } from "./heading.tsx";
import { BackToList, NoSuchNote, Opening } from "./no-note.tsx";
import { Presence } from "./presence.tsx";
import { useText } from "./text.tsx";
import { useNote } from "./use-note.ts";

/** How long nothing is typed before the preview follows. */
const PREVIEW_MS = 200;

/** Writing a new note. */
export function Compose({ board, username }: { board: string; username: string }) {
  const access = accessTo(board);
  const [pen, setPen] = useState(() => penOf(board));
  const writes = mayWrite(access);
  useEffect(() => {
    // A text that was begun is shown, even if it can no longer be saved.
    if (pen === undefined || !(writes || isUnsaved(pen.editing.peek()))) setPen(penOf(board));
  }, [writes]);
  if (pen !== undefined) return <Editor pen={pen} username={username} />;
  return access === "gone" ? <GoneBoard /> : <ReadOnlyBoard heading={messages.editor.newNote} />;
}

/** Returns the pen of a new note. A user who may not write has one only for a text that was begun. */
function penOf(board: string): Pen | undefined {
  const pen = compose(board);
  if (mayWrite(accessTo(board)) || isUnsaved(pen.editing.peek())) return pen;
  pen.drop();
  return undefined;
}

/** Writing over a note; or going on with what was begun, whatever became of the note. */
export function Rewrite({ note, username }: { note: NoteId; username: string }) {
  const live = useNote(note);
  const access = accessTo(note.board);
  const writes = mayWrite(access);
  const [pen, setPen] = useState(() => taken(note));
  const reading = live.reading.value;
  const ready = reading.state === "shown" && reading.doubt?.kind !== "outdated";
  useEffect(() => {
    if (pen === undefined && ready && writes) setPen(rewrite(note.board, reading.note));
    // A text that was begun is shown, even if it can no longer be saved.
    if (pen !== undefined && !writes && !isUnsaved(pen.editing.peek())) setPen(undefined);
  }, [pen, ready, writes]);

  if (pen !== undefined) return <Editor pen={pen} username={username} />;
  if (access === "gone") return <GoneBoard />;
  if (!writes) return <ReadOnlyBoard heading={messages.editor.editNote} />;
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

function ReadOnlyBoard({ heading }: { heading: string }) {
  return (
    <section class="empty">
      <Heading>{heading}</Heading>
      <p>{messages.boards.readOnly}</p>
      <BackToList />
    </section>
  );
}

function Editor({ pen, username }: { pen: Pen; username: string }) {
  const { board, key, draft, base, obstacle } = pen.editing.value;
  const note = { board, key };
  const writes = mayWrite(accessTo(board));
  const isNew = base === undefined && obstacle === undefined;
  const live = useNote(note, !isNew);
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
  // A text whose save was refused is saved once the user may write again.
  useEffect(() => {
    const { status = 0 } = pen.problem.peek() ?? {};
    if (writes && (status === 403 || status === 404)) pen.saveByItself();
  }, [pen, writes]);
  // What others do to it meanwhile.
  const reading = live.reading.value;
  useEffect(() => {
    if (reading.state === "shown") pen.follow(reading.note);
    else if (reading.state === "deleted") pen.lose();
  }, [reading]);

  const leave = () => go(pen.editing.peek().base === undefined ? { view: "list", board } : { view: "read", ...note });
  const finish = async () => {
    await pen.save();
    const state = pen.saving.peek();
    if (state === "saved" || state === "offline") leave();
  };
  const drop = () => {
    pen.drop();
    go(base === undefined || obstacle?.kind === "deleted" ? { view: "list", board } : { view: "read", ...note });
  };
  const [together, setTogether] = useState<number>();

  const errors = pen.problem.value?.errors ?? {};
  const saving = pen.saving.value;
  const mustDiscard = saving === "untitled" || saving === "stopped" || !writes;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts work in every field of the editor
    <section
      onKeyDown={(event) => {
        if (singleKey(event) === "Escape" && !event.defaultPrevented) leave();
        const command = commandKey(event);
        if (command === "Enter" && writes) void finish();
        else if (command === "s") {
          event.preventDefault();
          if (writes) void pen.save();
        }
      }}
    >
      <Heading>{began ? messages.editor.newNote : messages.editor.editNote}</Heading>
      <Presence live={live} username={username} />
      {pen.resumed && !obstacle && saving !== "saved" && <p role="status">{messages.editor.resumed}</p>}
      {!writes && <p role="alert">{messages.boards.keptNote}</p>}
      {obstacle && writes && (
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
          if (obstacle === undefined && writes) void finish();
        }}
      >
        {pen.problem.value && saving !== "offline" && writes && <p role="alert">{pen.problem.value.message}</p>}
        <div class="field">
          <label for={`${id}-title`}>{messages.editor.title}</label>
          <input
            id={`${id}-title`}
            dir="auto"
            required
            readOnly={!writes}
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
              readOnly={!writes}
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
          {obstacle === undefined && writes && (
            <button type="submit" class="primary">
              {messages.editor.done}
            </button>
          )}
          <button type="button" onClick={mustDiscard ? drop : leave}>
            {mustDiscard ? messages.editor.discard : messages.editor.back}
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
