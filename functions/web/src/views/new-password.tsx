// The field for a password that somebody chooses, with a hint on how strong it is.

import { useState } from "preact/hooks";
import { messages } from "../messages.ts";
import type { Names } from "../server/api.ts";
import { Field } from "./field.tsx";
import { StrengthHint } from "./strength.tsx";

interface Props {
  label: string;
  name: string;
  error: string | undefined;
  /** What the person goes by, if the form does not say it. */
  names?: Names;
}

export function NewPassword({ label, name, error, names = {} }: Props) {
  const [typed, setTyped] = useState<{ password: string; names: Names }>({ password: "", names });
  return (
    <Field
      label={label}
      name={name}
      secret
      autocomplete="new-password"
      hint={messages.accounts.passwordHint}
      error={error}
      onInput={(input) => setTyped({ password: input.value, names: { ...namesBeside(input), ...names } })}
    >
      <StrengthHint {...typed} />
    </Field>
  );
}

/** What the form says of who somebody is. */
function namesBeside({ form }: HTMLInputElement): Names {
  const fields = form === null ? undefined : new FormData(form);
  const said = (name: string) => String(fields?.get(name) ?? "");
  return { username: said("username"), displayName: said("displayName") };
}
