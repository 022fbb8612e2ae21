// A line of a form: label, input, hint, and what is wrong with it.

import { useId } from "preact/hooks";
import { words } from "../words.ts";

interface Props {
  label: string;
  name: string;
  secret?: boolean;
  autocomplete: string;
  hint?: string;
  optional?: boolean;
  error?: string | undefined;
}

export function Field({ label, name, secret = false, autocomplete, hint, optional = false, error }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="optional"> {words.accounts.optional}</span>}
      </label>
      <input
        id={id}
        name={name}
        {...(secret && { type: "password" as const })}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required={!optional}
        aria-describedby={described || undefined}
        aria-invalid={error ? true : undefined}
      />
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class="error">
          {words.accounts.fieldError(label, error)}
        </p>
      )}
    </div>
  );
}
