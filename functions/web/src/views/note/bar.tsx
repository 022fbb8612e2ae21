// The bar above a text: the title, who is here, whether it is saved, and the actions.

import type { OpenDocument } from "../../documents/open-document.ts";
import type { Editor } from "../../editor/editor.ts";
import type { OpenNote } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import { Back } from "../no-note.tsx";
import { Presence } from "../presence.tsx";
import { Actions } from "./actions.tsx";
import { Saving } from "./saving.tsx";
import { TitleField } from "./title-field.tsx";
import type { Preview } from "./use-preview.ts";

interface Props {
  of: OpenDocument;
  live: OpenNote;
  username: string;
  writable: boolean;
  preview: Preview;
  editor: Editor | undefined;
  goToComments: () => void;
}

export function Bar({ of, live, username, writable, preview, editor, goToComments }: Props) {
  const reading = live.reading.value;
  const { length } = live.comments.value.shown;
  return (
    <div class="note-bar">
      <Back board={of.note.board} />
      <TitleField of={of} writable={writable} done={() => editor?.view.focus()} />
      <div class="note-states">
        <Presence live={live} username={username} />
        <Saving of={of} />
      </div>
      <div class="note-actions">
        <button type="button" aria-pressed={preview.shown} onClick={() => preview.show(!preview.shown)}>
          {messages.editor.preview}
        </button>
        <button type="button" onClick={goToComments}>
          {messages.comments.heading}
          {length > 0 && <span class="count"> {length}</span>}
        </button>
        <Actions
          of={of}
          note={reading.state === "shown" ? reading.note : undefined}
          writable={writable}
          editor={editor}
        />
      </div>
    </div>
  );
}
