// Signing up and signing in.

import { useState } from "preact/hooks";
import { Problem } from "../problem.ts";
import { go, href, route } from "../route.ts";
import { signIn, signUp } from "../session.ts";
import { Field } from "./field.tsx";
import { Heading } from "./heading.tsx";

/** A form's way to the server: whether it is under way, and why it failed. */
function useSubmission(submit: (fields: FormData) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await submit(new FormData(event.currentTarget as HTMLFormElement));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, onSubmit };
}

const text = (fields: FormData, name: string): string => String(fields.get(name) ?? "");

export function SignIn({ ended }: { ended: boolean }) {
  const { busy, problem, onSubmit } = useSubmission((fields) =>
    signIn(text(fields, "username"), text(fields, "password")),
  );
  return (
    <section class="account-form">
      <Heading>Sign in</Heading>
      {ended && <p role="status">Your session has ended. Sign in to go on where you were.</p>}
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <Field label="Username" name="username" autocomplete="username" error={problem?.errors["username"]} />
        <Field
          label="Password"
          name="password"
          secret
          autocomplete="current-password"
          error={problem?.errors["password"]}
        />
        <button class="primary" disabled={busy}>
          Sign in
        </button>
      </form>
      <p>
        New here? <a href={href({ view: "sign-up" })}>Make an account</a>
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
      <Heading>Make an account</Heading>
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <Field
          label="Username"
          name="username"
          autocomplete="username"
          hint="3 to 32 letters, digits, _ or -"
          error={problem?.errors["username"]}
        />
        <Field
          label="Name that others see"
          name="displayName"
          autocomplete="name"
          optional
          error={problem?.errors["displayName"]}
        />
        <Field
          label="Password"
          name="password"
          secret
          autocomplete="new-password"
          hint="8 to 128 characters"
          error={problem?.errors["password"]}
        />
        {wantsCode && (
          <Field
            label="Sign-up code"
            name="code"
            autocomplete="off"
            hint="Your team has it"
            error={problem?.errors["code"]}
          />
        )}
        <button class="primary" disabled={busy}>
          Make the account
        </button>
      </form>
      <p>
        Have an account? <a href={href({ view: "home" })}>Sign in</a>
      </p>
    </section>
  );
}
