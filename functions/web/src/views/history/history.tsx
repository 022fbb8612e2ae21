// The history of a note: its earlier versions, what each would change, and restoring one.

import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenDocument } from "../../documents/open-document.ts";
import type { Editor } from "../../editor/editor.ts";
import { messages } from "../../messages.ts";
import { versions } from "../../server/versions.ts";
import { usePages } from "../people/use-pages.ts";
import { SelectedVersion } from "./selected-version.tsx";
import { VersionList } from "./version-list.tsx";

const words = messages.editor.history;

interface Props {
  of: OpenDocument;
  editor: Editor;
  /** Called when a version is restored, or the note is too full for it and says so. */
  done: (restored: boolean) => void;
}

export function History({ of, editor, done }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [read, setRead] = useState(false);
  const [selected, select] = useState<number>();
  const { items, next, readPage, busy, failure } = usePages((cursor) => versions(of.note, cursor));
  const readMore = async (cursor?: string) => {
    if (busy) return;
    await readPage(cursor);
    setRead(true);
  };
  useEffect(() => void readMore(), []);
  const newest = items[0]?.version;
  const isEmpty = read && newest === undefined && next === undefined && failure === undefined;
  useEffect(() => {
    if (newest === undefined) return;
    select(newest);
    list.current?.querySelector("input")?.focus();
  }, [newest]);
  return (
    <div class="history">
      <div class="versions" ref={list}>
        {!read && <p role="status">{messages.opening}</p>}
        {isEmpty && <p class="empty">{words.none}</p>}
        <VersionList versions={items} selected={selected} select={select} />
        {failure && <p role="alert">{failure}</p>}
        {(failure || next) && (
          <button type="button" onClick={() => void readMore(next)}>
            {failure ? messages.tryAgain : words.older}
          </button>
        )}
      </div>
      {selected !== undefined && (
        <div class="version">
          <SelectedVersion of={of} editor={editor} number={selected} done={done} />
        </div>
      )}
    </div>
  );
}
