// Signing in.

import { hasPasskeys } from "../has-passkeys.ts";
import { messages } from "../messages.ts";
import { href } from "../route.ts";
import { signIn } from "../session.ts";
import { Field } from "./field.tsx";
import { Heading } from "./heading.tsx";
import { PasskeySignIn } from "./passkey-sign-in.tsx";
import { text, useSubmission } from "./submission.ts";

export function SignIn({ ended, hint }: { ended: boolean; hint?: string }) {
  const { busy, problem, onSubmit } = useSubmission((fields) =>
    signIn(text(fields, "username"), text(fields, "password")),
  );
  return (
    <section class="account-form">
      <Heading>{messages.accounts.signIn}</Heading>
      {ended && <p role="status">{messages.accounts.ended}</p>}
      {hint !== undefined && <p>{hint}</p>}
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <Field
          label={messages.accounts.username}
          name="username"
          autocomplete="username"
          error={problem?.errors["username"]}
        />
        <Field
          label={messages.accounts.password}
          name="password"
          secret
          autocomplete="current-password"
          error={problem?.errors["password"]}
        />
        <button type="submit" class="primary" disabled={busy}>
          {messages.accounts.signIn}
        </button>
      </form>
      {hasPasskeys && <PasskeySignIn />}
      <p>
        {messages.accounts.newHere} <a href={href({ view: "sign-up" })}>{messages.accounts.create}</a>
      </p>
    </section>
  );
}
