// A hook that shows the editor of a document in an element.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OpenDocument } from "../../documents/open-document.ts";
import { Editor } from "../../editor/editor.ts";
import { olderRows } from "../../list/older.ts";
import { titles as listed } from "../../live/channel.ts";
import { goToText } from "../../shortcuts.ts";
import type { EarlyText } from "./early-text.tsx";

interface Options {
  writable: boolean;
  /** The ID of the element that describes the editor. */
  describedBy: string;
  /** What was typed before the editor was there. */
  early: EarlyText | undefined;
}

/** Returns the editor, the element to show it in, and whether the text is too long for the last edit. */
export function useEditor({ text, awareness }: OpenDocument, { writable, describedBy, early }: Options) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor>();
  const [isFull, setFull] = useState(false);

  useLayoutEffect(() => {
    const parent = host.current!;
    const full = () => setFull(true);
    const made = new Editor({ text, awareness, parent, describedBy, writable, titles, full });
    const { text: typed, focused, leaving } = early?.take() ?? { text: "", focused: false, leaving: false };
    made.insert(typed);
    if (focused) made.view.focus();
    if (leaving) made.leaveWithTab();
    setEditor(made);
    const empty = () => setFull(false);
    text.observe(empty);
    return () => {
      text.unobserve(empty);
      setEditor(undefined);
      made.destroy();
    };
  }, []);

  useEffect(() => {
    if (editor !== undefined) editor.writable = writable;
  }, [editor, writable]);

  useEffect(() => {
    if (editor === undefined || !writable) return;
    const focus = () => editor.view.focus();
    goToText.value = focus;
    return () => {
      if (goToText.peek() === focus) goToText.value = undefined;
    };
  }, [editor, writable]);

  return { host, editor, isFull };
}

function titles(): string[] {
  return [...(listed.peek()?.notelist ?? []), ...olderRows()].map(({ title }) => title);
}
