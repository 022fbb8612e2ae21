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

  /** Returns the text, and whether its field has the focus. */
  take(): { text: string; focused: boolean } {
    this.taken.value = true;
    return { text: this.field?.value ?? "", focused: this.field !== null && document.activeElement === this.field };
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
      onCompositionStart={() => (text.composing.value = true)}
      onCompositionEnd={() => (text.composing.value = false)}
    />
  );
}
