// Who one is.

import { messages } from "../../messages.ts";
import type { User } from "../../server/api.ts";

export function You({ user: { username, displayName } }: { user: User }) {
  return (
    <section aria-labelledby="you-heading">
      <h2 id="you-heading">{messages.account.profile}</h2>
      <dl class="pairs">
        <div>
          <dt>{messages.accounts.username}</dt>
          <dd>{username}</dd>
        </div>
        <div>
          <dt>{messages.accounts.displayName}</dt>
          <dd dir="auto">{displayName}</dd>
        </div>
      </dl>
    </section>
  );
}
