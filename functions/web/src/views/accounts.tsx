// Signing up and signing in.

import { useState } from "preact/hooks";
import { messages } from "../messages.ts";
import { go, href, route } from "../route.ts";
import { signIn, signUp } from "../session.ts";
import { Field } from "./field.tsx";
import { Heading } from "./heading.tsx";
import { NewPassword } from "./new-password.tsx";
import { text, useSubmission } from "./submission.ts";

export function SignIn({ ended }: { ended: boolean }) {
  const { busy, problem, onSubmit } = useSubmission((fields) =>
    signIn(text(fields, "username"), text(fields, "password")),
  );
  return (
    <section class="account-form">
      <Heading>{messages.accounts.signIn}</Heading>
      {ended && <p role="status">{messages.accounts.ended}</p>}
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
      <p>
        {messages.accounts.newHere} <a href={href({ view: "sign-up" })}>{messages.accounts.create}</a>
      </p>
    </section>
  );
}

export function SignUp() {
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    await signUp({
      username: text(fields, "username"),
      password: text(fields, "password"),
      displayName: text(fields, "displayName"),
      code: text(fields, "code"),
    });
    if (route.value.view === "sign-up") go({ view: "home" });
  });
  // Whether the team wants a code is known once it was asked for.
  const [wantsCode, setWantsCode] = useState(false);
  if (problem?.errors["code"] && !wantsCode) setWantsCode(true);
  return (
    <section class="account-form">
      <Heading>{messages.accounts.create}</Heading>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <Field
          label={messages.accounts.username}
          name="username"
          autocomplete="username"
          hint={messages.accounts.usernameHint}
          error={problem?.errors["username"]}
        />
        <Field
          label={messages.accounts.displayName}
          name="displayName"
          autocomplete="name"
          optional
          error={problem?.errors["displayName"]}
        />
        <NewPassword label={messages.accounts.password} name="password" error={problem?.errors["password"]} />
        {wantsCode && (
          <Field
            label={messages.accounts.code}
            name="code"
            autocomplete="off"
            hint={messages.accounts.codeHint}
            error={problem?.errors["code"]}
          />
        )}
        <button type="submit" class="primary" disabled={busy}>
          {messages.accounts.create}
        </button>
      </form>
      <p>
        {messages.accounts.haveOne} <a href={href({ view: "home" })}>{messages.accounts.signIn}</a>
      </p>
    </section>
  );
}
