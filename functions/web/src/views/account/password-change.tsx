// Another password.

import { useState } from "preact/hooks";
import { changePassword, type User } from "../../server/api.ts";
import { words } from "../../words.ts";
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
    setSaid(words.account.password.changed);
    changed();
  });
  return (
    <section aria-labelledby="password-heading">
      <h2 id="password-heading">{words.account.password.heading}</h2>
      <p>{words.account.password.explain}</p>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <OwnUsername username={user.username} />
        <Field
          key={`current-${times}`}
          label={words.account.password.current}
          name="password"
          secret
          autocomplete="current-password"
          error={problem?.errors["password"]}
        />
        <NewPassword
          key={`new-${times}`}
          label={words.account.password.new}
          name="newPassword"
          error={problem?.errors["newPassword"]}
          names={[user.displayName]}
        />
        <button type="submit" class="primary" disabled={busy}>
          {words.account.password.change}
        </button>
      </form>
      <p role="status">{said}</p>
    </section>
  );
}
