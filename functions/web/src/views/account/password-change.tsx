// Another password.

import { useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import { changePassword, type User } from "../../server/api.ts";
import { Field } from "../field.tsx";
import { NewPassword } from "../new-password.tsx";
import { text, useSubmission } from "../submission.ts";
import { OwnUsername } from "./own-username.tsx";

export function PasswordChange({ user, changed }: { user: User; changed: () => void }) {
  // How often it was changed. What was typed goes each time.
  const [times, setTimes] = useState(0);
  const [said, setSaid] = useState("");
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    setSaid("");
    await changePassword(text(fields, "password"), text(fields, "newPassword"));
    setTimes(times + 1);
    setSaid(messages.account.password.changed);
    changed();
  });
  return (
    <section aria-labelledby="password-heading">
      <h2 id="password-heading">{messages.account.password.heading}</h2>
      <p>{messages.account.password.explain}</p>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <OwnUsername username={user.username} />
        <Field
          key={`current-${times}`}
          label={messages.account.password.current}
          name="password"
          secret
          autocomplete="current-password"
          error={problem?.errors["password"]}
        />
        <NewPassword
          key={`new-${times}`}
          label={messages.account.password.new}
          name="newPassword"
          error={problem?.errors["newPassword"]}
          names={{ displayName: user.displayName }}
        />
        <button type="submit" class="primary" disabled={busy}>
          {messages.account.password.change}
        </button>
      </form>
      <p role="status">{said}</p>
    </section>
  );
}
