// A field of a form: label, input, hint and error.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { messages } from "../messages.ts";

interface Props {
  label: string;
  name: string;
  /** Whether it is a password, which is hidden until the user shows it. */
  secret?: boolean;
  autocomplete: string;
  hint?: string;
  optional?: boolean;
  /** The initial value. */
  initial?: string;
  error?: string | undefined;
  onInput?: (input: HTMLInputElement) => void;
  /** Content below the field. */
  children?: ComponentChildren;
}

export function Field({ label, name, secret = false, autocomplete, hint, optional = false, error, ...more }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const { initial, onInput, children } = more;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const input = (
    <input
      id={id}
      name={name}
      {...(secret && !shown && { type: "password" as const })}
      autocomplete={autocomplete}
      autocapitalize="none"
      spellcheck={false}
      required={!optional}
      dir="auto"
      {...(initial !== undefined && { defaultValue: initial })}
      aria-describedby={described || undefined}
      aria-invalid={error ? true : undefined}
      {...(onInput && { onInput: (event) => onInput(event.currentTarget) })}
    />
  );
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="optional"> {messages.accounts.optional}</span>}
      </label>
      {secret ? (
        <div class="secret">
          {input}
          <Show pressed={shown} press={setShown} />
        </div>
      ) : (
        input
      )}
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class="error">
          {messages.accounts.fieldError(label, error)}
        </p>
      )}
      {children}
    </div>
  );
}

function Show({ pressed, press }: { pressed: boolean; press: (pressed: boolean) => void }) {
  const [show, what] = messages.account.show;
  return (
    <button type="button" aria-pressed={pressed} onClick={() => press(!pressed)}>
      {show}
      <span class="unseen">{what}</span>
    </button>
  );
}
