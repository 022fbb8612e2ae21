// The form that creates an account: open, with a code, or with an invitation.

import { useEffect, useState } from "preact/hooks";
import { messages } from "../messages.ts";
import { go, href, route } from "../route.ts";
import { type HowToSignUp, howToSignUp } from "../server/api.ts";
import type { Problem } from "../server/problem.ts";
import { signUp } from "../session.ts";
import { Field } from "./field.tsx";
import { Heading } from "./heading.tsx";
import { NewPassword } from "./new-password.tsx";
import { text, useSubmission } from "./submission.ts";

export function SignUp({ invitation = "" }: { invitation?: string }) {
  const [how, setHow] = useState<HowToSignUp>();
  const [failure, setFailure] = useState<string>();
  const ask = () => {
    setFailure(undefined);
    howToSignUp().then(setHow, (error: Problem) => setFailure(error.message));
  };
  useEffect(ask, []);
  return (
    <section class="account-form">
      <Heading>{messages.accounts.create}</Heading>
      {failure !== undefined && (
        <div role="alert">
          <p>{failure}</p>
          <button type="button" onClick={ask}>
            {messages.tryAgain}
          </button>
        </div>
      )}
      {how && <Form how={how} invitation={invitation} />}
      <p>
        {messages.accounts.haveOne} <a href={href({ view: "home" })}>{messages.accounts.signIn}</a>
      </p>
    </section>
  );
}

function Form({ how, invitation }: { how: HowToSignUp; invitation: string }) {
  const wantsCode = how.policy === "code" && invitation === "";
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    await signUp({
      username: text(fields, "username"),
      password: text(fields, "password"),
      displayName: text(fields, "displayName"),
      code: text(fields, "code"),
      invitation,
    });
    if (route.value.view === "invitation") go({ view: "home" });
  });
  if (how.policy === "invitation" && !how.first && invitation === "") return <p>{messages.accounts.invitationOnly}</p>;
  if (problem?.errors["invitation"]) return <p role="alert">{messages.accounts.invitationVoid}</p>;
  return (
    <form onSubmit={onSubmit}>
      {how.first && <p>{messages.accounts.first}</p>}
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
  );
}
