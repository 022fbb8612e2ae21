// The field for a password that somebody chooses, with a hint on how strong it is.

import { useState } from "preact/hooks";
import { messages } from "../messages.ts";
import { loadMeasure } from "../strength/load.ts";
import { Field } from "./field.tsx";
import { StrengthHint } from "./strength.tsx";

interface Props {
  label: string;
  name: string;
  error: string | undefined;
  /** What the person goes by, besides what else stands in the form. */
  names?: readonly string[];
}

export function NewPassword({ label, name, error, names = [] }: Props) {
  const [typed, setTyped] = useState<{ password: string; names: readonly string[] }>({ password: "", names });
  return (
    <Field
      label={label}
      name={name}
      secret
      autocomplete="new-password"
      hint={messages.accounts.passwordHint}
      error={error}
      // It takes a moment, which is over before there is something to measure.
      onFocus={() => void loadMeasure()}
      onInput={(input) => setTyped({ password: input.value, names: [...names, ...namesBeside(input)] })}
    >
      <StrengthHint {...typed} />
    </Field>
  );
}

/** What the form says of who somebody is. */
function namesBeside({ form }: HTMLInputElement): string[] {
  const fields = form === null ? undefined : new FormData(form);
  return ["username", "displayName"].map((name) => String(fields?.get(name) ?? ""));
}
