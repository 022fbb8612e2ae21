// The selected version of a note: what restoring it would change, and a button that restores it.

import type { OpenDocument } from "../../documents/open-document.ts";
import { changesTo } from "../../editor/compare.ts";
import type { Editor } from "../../editor/editor.ts";
import { messages } from "../../messages.ts";
import { titleLooksTheSame } from "../../note.ts";
import type { WholeVersion } from "../../server/versions.ts";
import { useSharedText } from "../note/use-shared-text.ts";
import { Changes } from "./changes.tsx";
import { useVersion } from "./use-version.ts";

const words = messages.editor.history;

interface Props {
  of: OpenDocument;
  editor: Editor;
  /** The number of the version. */
  number: number;
  /** Called when the version is restored, or the note is too full for it and says so. */
  done: (restored: boolean) => void;
}

export function SelectedVersion({ of, editor, number, done }: Props) {
  const { reading, retry } = useVersion(of.note, number);
  const text = useSharedText(of.text);
  const title = of.title.value || messages.editor.untitled;
  switch (reading.state) {
    case "opening":
      return <p role="status">{messages.opening}</p>;
    case "failed":
      return (
        <div role="alert">
          <p>{reading.message}</p>
          <button type="button" onClick={retry}>
            {messages.tryAgain}
          </button>
        </div>
      );
    case "read": {
      const { version } = reading;
      const newTitle = titleLooksTheSame(version.title, title) ? undefined : version.title;
      const isSame = newTitle === undefined && version.body === text;
      return (
        <>
          <Changes title={title} text={text} newTitle={newTitle} newText={version.body} />
          <button
            type="button"
            class="primary"
            disabled={isSame}
            onClick={() => done(restore(of, editor, version, newTitle))}
          >
            {words.restore}
          </button>
        </>
      );
    }
  }
}

/** Restores a version as an edit like any other. Returns whether all of it is restored. */
function restore(of: OpenDocument, editor: Editor, { body }: WholeVersion, title: string | undefined): boolean {
  if (title !== undefined) of.setTitle(title);
  const changes = changesTo(editor.view.state.doc.toString(), body);
  return changes.length === 0 || editor.change(changes, changes[0]!.from, "input.restore");
}
