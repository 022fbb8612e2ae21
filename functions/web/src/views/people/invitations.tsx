// Invitations to the team: make a link, see which are open, revoke one.

import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import * as admin from "../../server/admin.ts";
import { Outcome } from "../outcome.tsx";
import { SecretLink } from "../secret-link.tsx";
import { text, useSubmission } from "../submission.ts";
import { useAttempt } from "../use-attempt.ts";
import { withMade } from "../with-made.ts";

/** The limits that the server sets. */
const MOST_USES = 100;
const MOST_DAYS = 30;

export function Invitations({ changed }: { changed: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [open, setOpen] = useState<admin.Invitation[]>();
  const [link, setLink] = useState<admin.Secret>();
  const { busy, failure, done, attempt } = useAttempt();
  const load = async () => {
    const read = await admin.invitations();
    setOpen((made = []) => withMade(made, read));
  };
  useEffect(() => void attempt(load), []);
  const invited = (invitation: admin.Invitation & admin.Secret) => {
    setLink(invitation);
    setOpen((others = []) => [invitation, ...others]);
    changed();
  };
  const revoke = ({ id }: admin.Invitation) =>
    attempt(async () => {
      await admin.revokeInvitation(id);
      setOpen((others) => others?.filter((other) => other.id !== id));
      changed();
      heading.current?.focus();
    }, messages.people.invitations.revoked);
  return (
    <section aria-labelledby="invitations-heading">
      <h2 id="invitations-heading" ref={heading} tabIndex={-1}>
        {messages.people.invitations.heading}
      </h2>
      <Form invited={invited} />
      {link && (
        <SecretLink
          label={messages.people.invitations.link}
          path={`/invitations/${link.token}`}
          expires={link.expires}
        />
      )}
      <Outcome done={done} failure={failure} />
      <ul class="sessions">
        {open?.map((invitation) => (
          <li key={invitation.id}>
            <p>{messages.people.invitations.uses(invitation.uses)}</p>
            <p class="byline">{messages.people.invitations.until(new Date(invitation.expires), invitation.by)}</p>
            <button type="button" class="danger" disabled={busy} onClick={() => void revoke(invitation)}>
              {messages.people.invitations.revoke}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Form({ invited }: { invited: (invitation: admin.Invitation & admin.Secret) => void }) {
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    invited(await admin.invite(Number(text(fields, "uses")), Number(text(fields, "days"))));
  });
  return (
    <form class="inline" onSubmit={onSubmit}>
      {problem && <p role="alert">{problem.message}</p>}
      <label>
        {messages.people.invitations.accounts}
        <input name="uses" type="number" min={1} max={MOST_USES} defaultValue="1" required />
      </label>
      <label>
        {messages.people.invitations.days}
        <input name="days" type="number" min={1} max={MOST_DAYS} defaultValue="7" required />
      </label>
      <button type="submit" class="primary" disabled={busy}>
        {messages.people.invitations.invite}
      </button>
    </form>
  );
}
