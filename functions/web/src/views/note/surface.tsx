// A note that is open for writing: its title, its text, and how the text reads. It saves itself.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../../boards/boards.ts";
import type { OpenDocument } from "../../documents/open-document.ts";
import { scrollTogether } from "../../editor/together.ts";
import { commandKey } from "../../keyboard.ts";
import type { OpenNote } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import type { NoteId } from "../../note.ts";
import { begunNote, redirect } from "../../route.ts";
import { Heading } from "../heading.tsx";
import { News } from "../news.tsx";
import { NoSuchNote, Opening } from "../no-note.tsx";
import { useNote } from "../use-note.ts";
import { Bar } from "./bar.tsx";
import type { EarlyText } from "./early-text.tsx";
import { Notice } from "./notice.tsx";
import { Rendered } from "./rendered.tsx";
import { useDocument } from "./use-document.ts";
import { useEditor } from "./use-editor.ts";
import { usePreview } from "./use-preview.ts";

interface Props {
  note: NoteId;
  /** The anchor of a heading to go to. */
  at: string | undefined;
  username: string;
  /** What was typed into a new note until now. */
  early: EarlyText | undefined;
}

export function Surface({ note, at, username, early }: Props) {
  const of = useDocument(note, username);
  const [begun] = useState(begunNote);
  const exists = of.exists.value;
  const live = useNote(note, username, exists || begun === undefined);
  const reading = live.reading.value;
  const state = of.state.value;
  const isNowhere = state === "missing" && reading.state === "none";
  useEffect(() => {
    // A new note that was opened again before it had any text.
    if (isNowhere && begun !== undefined) redirect({ view: "new", board: note.board });
  }, [isNowhere]);
  useEffect(() => {
    if (exists && begunNote() !== undefined) redirect({ view: "read", ...note });
  }, [exists]);

  useEffect(() => {
    if (state === "ready" && begun?.title && of.title.peek() === "") of.setTitle(begun.title);
  }, [state]);

  if (state === "ready" && !early?.composing.value) {
    return <Writing of={of} live={live} at={at} username={username} early={early} />;
  }
  if (state === "missing" && (reading.state === "none" || reading.state === "deleted")) return <NoSuchNote />;
  if (state === "missing" && reading.state === "failed") return <Failed message={reading.message} live={live} />;
  return <Opening />;
}

function Failed({ message, live }: { message: string; live: OpenNote }) {
  return (
    <div role="alert">
      <p>{message}</p>
      <button type="button" onClick={() => live.reload()}>
        {messages.tryAgain}
      </button>
    </div>
  );
}

interface WritingProps {
  of: OpenDocument;
  live: OpenNote;
  at: string | undefined;
  username: string;
  early: EarlyText | undefined;
}

function Writing({ of, live, at, username, early }: WritingProps) {
  const id = useId();
  const [isCopying, setCopying] = useState(false);
  const writable = mayWrite(accessTo(of.note.board)) && !isCopying;
  const preview = usePreview();
  const { host, editor, isFull } = useEditor(of, { writable, describedBy: id, early });
  const pane = useRef<HTMLElement>(null);
  const article = useRef<HTMLElement>(null);
  useEffect(() => editor && scrollTogether(editor, pane.current!, article.current!), [editor]);

  const reading = live.reading.value;
  const goToComments = () => {
    preview.show(true);
    requestAnimationFrame(() => {
      const heading = pane.current?.querySelector<HTMLElement>(".comments h2");
      heading?.scrollIntoView();
      heading?.focus();
    });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+S works everywhere in the note
    <section
      class="surface"
      data-preview={preview.shown}
      onKeyDown={(event) => {
        // There is nothing to save, and the browser would save its page.
        if (commandKey(event) !== "s") return;
        event.preventDefault();
        void of.flush();
      }}
    >
      <Heading unseen>{of.title.value || messages.editor.untitled}</Heading>
      <Bar
        of={of}
        live={live}
        username={username}
        writable={writable}
        preview={preview}
        editor={editor}
        goToComments={goToComments}
      />
      <Notice
        of={of}
        username={username}
        deleted={reading.state === "deleted" ? reading.note : undefined}
        busy={setCopying}
      />
      {isFull && (
        <p class="notice" role="alert">
          {messages.editor.full}
        </p>
      )}
      <p id={id} class="unseen">
        {messages.editor.hint}
      </p>
      <div class="panes">
        <div class="text-pane" ref={host} />
        <section class="reading-pane" ref={pane} aria-label={messages.editor.preview}>
          <Rendered of={of} live={live} username={username} editor={editor} article={article} at={at} />
        </section>
      </div>
      <News of={live.news.value} />
    </section>
  );
}
