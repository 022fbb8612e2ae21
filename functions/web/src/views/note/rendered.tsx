// How a text reads, with its comments, beside its editor.

import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { Editor } from "../../editor/editor.ts";
import type { OpenNote } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import { Byline } from "../byline.tsx";
import { Comments } from "../comments.tsx";
import { useText } from "../text.tsx";
import { usePlace } from "../use-place.ts";
import { useSharedText } from "./use-shared-text.ts";

interface Props {
  of: OpenDocument;
  live: OpenNote;
  username: string;
  editor: Editor | undefined;
  article: RefObject<HTMLElement | null>;
  /** The anchor of a heading to go to. */
  at: string | undefined;
}

export function Rendered({ of, live, username, editor, article, at }: Props) {
  const text = useSharedText(of.text);
  // A text may be laid out before its editor is there.
  const current = useRef(editor);
  current.current = editor;
  const elements = useText(text, (rendered) => ({
    note: of.note,
    tick: (line) => current.current?.tick(rendered, line),
  }));
  usePlace(article, editor && at, elements, (place) => {
    // The text goes to a heading, and the rendered text follows. Footnotes are elsewhere in the text.
    if (/^H\d$/.test(place.tagName)) editor?.goTo(Number(place.dataset["line"]));
    else place.scrollIntoView();
  });
  const reading = live.reading.value;
  const note = reading.state === "shown" ? reading.note : undefined;
  return (
    <>
      <article ref={article}>
        {note && <Byline of={note} />}
        {text.trim() === "" ? (
          <p class="empty">{messages.editor.nothingToPreview}</p>
        ) : (
          <div class="body">{elements}</div>
        )}
      </article>
      {note && <Comments live={live} note={note} username={username} />}
    </>
  );
}
