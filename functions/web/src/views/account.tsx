// One's account: who one is, where one is signed in, passkeys, and another password.

import { useState } from "preact/hooks";
import { hasPasskeys } from "../has-passkeys.ts";
import { messages } from "../messages.ts";
import type { User } from "../server/api.ts";
import { Deletion } from "./account/deletion.tsx";
import { Passkeys } from "./account/passkeys.tsx";
import { PasswordChange } from "./account/password-change.tsx";
import { Sessions } from "./account/sessions.tsx";
import { You } from "./account/you.tsx";
import { Heading } from "./heading.tsx";

export function Account({ user }: { user: User }) {
  // How often the password was changed here: each time all other sessions end.
  const [changes, setChanges] = useState(0);
  return (
    <div class="own-account">
      <Heading>{messages.account.heading}</Heading>
      <You user={user} />
      <Sessions changes={changes} />
      {hasPasskeys && <Passkeys user={user} />}
      <PasswordChange user={user} changed={() => setChanges((count) => count + 1)} />
      <Deletion username={user.username} />
    </div>
  );
}
