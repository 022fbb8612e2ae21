// Changes the display name.

import { useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import type { User } from "../../server/api.ts";
import { changeDisplayName } from "../../session.ts";
import { Field } from "../field.tsx";
import { text, useSubmission } from "../submission.ts";

export function DisplayName({ user }: { user: User }) {
  const [said, setSaid] = useState("");
  const { busy, problem, onSubmit } = useSubmission(async (fields, form) => {
    setSaid("");
    const sent = text(fields, "displayName");
    const saved = await changeDisplayName(sent);
    // Text that was typed meanwhile stays.
    const field = form.elements.namedItem("displayName");
    if (field instanceof HTMLInputElement && field.value === sent) field.value = saved;
    setSaid(messages.account.displayName.changed);
  });
  return (
    <>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <Field
          label={messages.accounts.displayName}
          name="displayName"
          autocomplete="name"
          initial={user.displayName}
          hint={messages.account.displayName.explain}
          error={problem?.errors["displayName"]}
        />
        <button type="submit" class="primary" disabled={busy}>
          {messages.account.displayName.change}
        </button>
      </form>
      <p role="status">{said}</p>
    </>
  );
}
