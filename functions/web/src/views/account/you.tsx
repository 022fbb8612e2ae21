// The user's names. The display name can be changed.

import { messages } from "../../messages.ts";
import type { User } from "../../server/api.ts";
import { DisplayName } from "./display-name.tsx";

export function You({ user }: { user: User }) {
  return (
    <section aria-labelledby="you-heading">
      <h2 id="you-heading">{messages.account.profile}</h2>
      <dl class="pairs">
        <div>
          <dt>{messages.accounts.username}</dt>
          <dd>{user.username}</dd>
        </div>
      </dl>
      <DisplayName user={user} />
    </section>
  );
}
