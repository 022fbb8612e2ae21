// Who one is.

import type { User } from "../../server/api.ts";
import { words } from "../../words.ts";

export function You({ user: { username, displayName } }: { user: User }) {
  return (
    <section aria-labelledby="you-heading">
      <h2 id="you-heading">{words.account.you}</h2>
      <dl class="pairs">
        <div>
          <dt>{words.accounts.username}</dt>
          <dd>{username}</dd>
        </div>
        <div>
          <dt>{words.accounts.displayName}</dt>
          <dd dir="auto">{displayName}</dd>
        </div>
      </dl>
    </section>
  );
}
