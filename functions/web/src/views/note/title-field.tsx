// The field of the title. What is typed in it is never replaced.

import { useId } from "preact/hooks";
import type { OpenDocument } from "../../documents/open-document.ts";
import { singleKey } from "../../keyboard.ts";
import { messages } from "../../messages.ts";

interface Props {
  of: OpenDocument;
  writable: boolean;
  /** Called when the user goes on to the text. */
  done: () => void;
}

export function TitleField({ of, writable, done }: Props) {
  const id = useId();
  const error = of.titleError.value;
  return (
    <>
      <input
        class="note-title"
        data-saves-itself
        dir="auto"
        aria-label={messages.editor.title}
        placeholder={messages.editor.untitled}
        autocomplete="off"
        readOnly={!writable}
        value={of.title.value}
        onInput={(event) => of.setTitle(event.currentTarget.value)}
        onFocus={() => of.holdTitle(true)}
        onBlur={() => of.holdTitle(false)}
        onKeyDown={(event) => {
          const key = singleKey(event);
          if (key !== "Enter" && key !== "ArrowDown") return;
          event.preventDefault();
          done();
        }}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? id : undefined}
      />
      {error && (
        <p id={id} class="error" role="alert">
          {messages.editor.titleErrors[error]}
        </p>
      )}
    </>
  );
}
