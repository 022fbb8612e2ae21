// The user's names, of which the display name can be changed, and the way to the people for an administrator.

import { useEffect, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import { href } from "../../route.ts";
import { isAdministrator, type User } from "../../server/api.ts";
import { DisplayName } from "./display-name.tsx";

export function You({ user }: { user: User }) {
  const [administrator, setAdministrator] = useState(false);
  useEffect(() => {
    // Without an answer there is no link. The server decides in any case.
    isAdministrator().then(setAdministrator, () => {});
  }, []);
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
      {administrator && (
        <p>
          {messages.people.youAre} <a href={href({ view: "people" })}>{messages.people.manage}</a>
        </p>
      )}
    </section>
  );
}
