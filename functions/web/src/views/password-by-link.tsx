// The form that sets a new password with a link from an administrator.

import { messages } from "../messages.ts";
import { go } from "../route.ts";
import { setPasswordByLink } from "../session.ts";
import { Heading } from "./heading.tsx";
import { NewPassword } from "./new-password.tsx";
import { text, useSubmission } from "./submission.ts";

export function PasswordByLink({ token }: { token: string }) {
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    await setPasswordByLink(token, text(fields, "newPassword"));
    go({ view: "home" });
  });
  return (
    <section class="account-form">
      <Heading>{messages.accounts.byLink.heading}</Heading>
      <p>{messages.accounts.byLink.explain}</p>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <NewPassword
          label={messages.account.password.new}
          name="newPassword"
          names={{ username: token.split(".")[0] ?? "" }}
          error={problem?.errors["newPassword"]}
        />
        <button type="submit" class="primary" disabled={busy}>
          {messages.accounts.byLink.set}
        </button>
      </form>
    </section>
  );
}
