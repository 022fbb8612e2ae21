// Signing in with a passkey. The code for it is loaded when it is used.

import { messages } from "../messages.ts";
import { Problem } from "../server/problem.ts";
import { signInWith } from "../session.ts";
import { manage } from "./later.tsx";
import { useSubmission } from "./submission.ts";

export function PasskeySignIn() {
  const { busy, problem, onSubmit } = useSubmission(async () => {
    const { signInWithPasskey } = await manage.load().catch(() => {
      throw new Problem(0, messages.notLoaded);
    });
    await signInWith(signInWithPasskey);
  });
  return (
    <form onSubmit={onSubmit}>
      {/* Only a cancelled prompt has a code, and no status. */}
      {problem && <p role={problem.code && !problem.status ? "status" : "alert"}>{problem.message}</p>}
      <button type="submit" disabled={busy}>
        {messages.passkeys.signIn}
      </button>
    </form>
  );
}
