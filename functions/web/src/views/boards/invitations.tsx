// Invitations to a board: make a link, see which are open, revoke one.

import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import * as server from "../../server/boards.ts";
import { Outcome } from "../outcome.tsx";
import { SecretLink } from "../secret-link.tsx";
import { text, useSubmission } from "../submission.ts";
import { useAttempt } from "../use-attempt.ts";
import { withMade } from "../with-made.ts";
import { RoleField, roleOf } from "./role-select.tsx";

/** The limits that the server sets. */
const MOST_USES = 100;
const MOST_DAYS = 30;
const ROLES: readonly server.Role[] = ["editor", "reader"];

const words = messages.boards.invitations;

type Made = Awaited<ReturnType<typeof server.inviteToBoard>>;

export function Invitations({ board }: { board: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [open, setOpen] = useState<server.BoardInvitation[]>();
  const [link, setLink] = useState<Made>();
  const { busy, failure, done, attempt } = useAttempt();
  const load = async () => {
    const read = await server.boardInvitations(board);
    setOpen((made = []) => withMade(made, read));
  };
  useEffect(() => void attempt(load), [board]);
  const invited = (invitation: Made) => {
    setLink(invitation);
    setOpen((others = []) => [invitation, ...others]);
  };
  const revoke = ({ id }: server.BoardInvitation) =>
    attempt(async () => {
      await server.revokeBoardInvitation(board, id);
      setOpen((others) => others?.filter((other) => other.id !== id));
      setLink((shown) => (shown?.id === id ? undefined : shown));
      heading.current?.focus();
    }, words.revoked);
  return (
    <section aria-labelledby="invitations-heading">
      <h2 id="invitations-heading" ref={heading} tabIndex={-1}>
        {words.heading}
      </h2>
      <Form board={board} invited={invited} />
      {link && <SecretLink label={words.link} path={`/join/${link.token}`} expires={link.expires} />}
      <Outcome done={done} failure={failure} />
      <ul class="sessions">
        {open?.map((invitation) => (
          <li key={invitation.id}>
            <p>{words.row(messages.boards.roles[invitation.role], invitation.uses)}</p>
            <p class="byline">{words.until(new Date(invitation.expires), invitation.by)}</p>
            <button type="button" class="danger" disabled={busy} onClick={() => void revoke(invitation)}>
              {words.revoke}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Form({ board, invited }: { board: string; invited: (invitation: Made) => void }) {
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    const role = roleOf(text(fields, "role"));
    const [days, uses] = [Number(text(fields, "days")), Number(text(fields, "uses"))];
    invited(await server.inviteToBoard(board, { role, days, uses }));
  });
  return (
    <form class="inline" onSubmit={onSubmit}>
      {problem && <p role="alert">{problem.message}</p>}
      <RoleField roles={ROLES} />
      <label>
        {words.people}
        <input name="uses" type="number" min={1} max={MOST_USES} defaultValue="1" required />
      </label>
      <label>
        {words.days}
        <input name="days" type="number" min={1} max={MOST_DAYS} defaultValue="7" required />
      </label>
      <button type="submit" class="primary" disabled={busy}>
        {words.invite}
      </button>
    </form>
  );
}
