// The people of the deployment, for administrators: invitations, accounts and activity.

import { useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import { Heading } from "../heading.tsx";
import { Accounts } from "./accounts.tsx";
import { Activity } from "./activity.tsx";
import { Invitations } from "./invitations.tsx";

export function People() {
  // The number of changes that were made here. Each adds to the activity.
  const [changes, setChanges] = useState(0);
  const changed = () => setChanges((count) => count + 1);
  return (
    <div class="own-account">
      <Heading>{messages.people.heading}</Heading>
      <Invitations changed={changed} />
      <Accounts changed={changed} />
      <Activity changes={changes} />
    </div>
  );
}
