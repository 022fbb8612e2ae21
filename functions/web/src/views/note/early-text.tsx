// What somebody types into a new note before its editor is there. The text and the caret go to the editor then.

import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "../../messages.ts";

export class EarlyText {
  /** Whether an input method is writing a word, which must not be interrupted. */
  readonly composing = signal(false);
  /** Whether the editor has the text. */
  readonly taken = signal(false);
  field: HTMLTextAreaElement | null = null;
  /** Whether the last key was Escape, after which Tab leaves the editor. */
  leaving = false;

  /** Returns the text, whether its field has the focus, and whether Tab is to leave it. */
  take(): { text: string; focused: boolean; leaving: boolean } {
    this.taken.value = true;
    const { field, leaving } = this;
    return { text: field?.value ?? "", focused: field !== null && document.activeElement === field, leaving };
  }
}

export function EarlyField({ text }: { text: EarlyText }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    text.field = field.current;
    field.current?.focus();
  }, []);
  if (text.taken.value) return null;
  return (
    <textarea
      ref={field}
      class="early"
      dir="auto"
      aria-label={messages.editor.text}
      placeholder={messages.editor.placeholder}
      onKeyDown={({ key }) => (text.leaving = key === "Escape" || (text.leaving && key === "Shift"))}
      onCompositionStart={() => (text.composing.value = true)}
      onCompositionEnd={() => (text.composing.value = false)}
    />
  );
}
