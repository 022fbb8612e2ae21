// The members of a board and their roles. Owners change them, and everybody may leave.

import { useEffect, useRef, useState } from "preact/hooks";
import { goToTeam } from "../../boards/boards.ts";
import { readBoards } from "../../live/channel.ts";
import { messages } from "../../messages.ts";
import * as server from "../../server/boards.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { Outcome } from "../outcome.tsx";
import { Person } from "../person.tsx";
import { text, useSubmission } from "../submission.ts";
import { useAttempt } from "../use-attempt.ts";
import { RoleField, RoleSelect, roleOf } from "./role-select.tsx";

const words = messages.boards.people;

export function Members({ board, username }: { board: server.Board; username: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [members, setMembers] = useState<server.Member[]>();
  const [leaving, setLeaving] = useState(false);
  const { busy, failure, done, attempt } = useAttempt();
  const read = async () => setMembers(await server.members(board.id));
  // Another role of the user may come with other changes.
  useEffect(() => void attempt(read), [board.id, board.role]);

  /** Ignores a second action meanwhile. A disabled button would lose the focus. */
  const act: typeof attempt = async (...action) => {
    if (!busy) await attempt(...action);
  };
  const changeRole = (member: string, role: server.Role) =>
    act(async () => {
      try {
        await server.setMember(board.id, member, role);
      } finally {
        // After a failure, the choice returns to the role of the server.
        await read();
      }
      if (member === username) await readBoards().catch(() => {});
    }, words.changed(member));
  const remove = (member: string) =>
    act(async () => {
      await server.removeMember(board.id, member);
      await read();
      heading.current?.focus();
    }, words.removed(member));
  const leave = () =>
    act(async () => {
      setLeaving(false);
      await server.removeMember(board.id, username);
      goToTeam();
    });

  const isOwner = board.role === "owner";
  const isMember = members?.some((member) => member.username === username);
  return (
    <section aria-labelledby="members-heading">
      <h2 id="members-heading" ref={heading} tabIndex={-1}>
        {words.heading}
      </h2>
      {board.visibility === "team" && <p>{words.team[board.teamRole ?? "editor"]}</p>}
      <Outcome done={done} failure={failure} />
      {members?.length === 0 && <p class="empty">{words.none}</p>}
      {board.visibility === "private" && members?.length === 1 && isMember && <p class="empty">{words.alone}</p>}
      <ul class="members">
        {members?.map((member) => (
          <li key={member.username}>
            <p>
              <Person username={member.username} /> <bdi class="handle">{messages.handle(member.username)}</bdi>
              {member.username === username && ` (${words.you})`}
            </p>
            {isOwner ? (
              <RoleSelect
                label={words.roleOf(member.username)}
                value={member.role}
                change={(role) => void changeRole(member.username, role)}
              />
            ) : (
              <p>{messages.boards.roles[member.role]}</p>
            )}
            {isOwner && member.username !== username && (
              <button
                type="button"
                class="danger"
                aria-label={words.removeOf(member.username)}
                onClick={() => void remove(member.username)}
              >
                {words.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
      {isOwner && <Add board={board.id} added={() => void attempt(read)} />}
      {isMember && (
        <button type="button" class="danger" onClick={() => setLeaving(true)}>
          {words.leave}
        </button>
      )}
      {leaving && (
        <Dialog heading={words.leaveHeading(board.name)} close={() => setLeaving(false)}>
          {board.visibility === "private" && <p>{words.leaveExplain}</p>}
          <div class="actions">
            <button type="button" autofocus onClick={() => setLeaving(false)}>
              {words.stay}
            </button>
            <button type="button" class="danger" onClick={() => void leave()}>
              {words.leave}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Add({ board, added }: { board: string; added: () => void }) {
  const [done, setDone] = useState("");
  const { busy, problem, onSubmit } = useSubmission(async (fields, form) => {
    setDone("");
    const username = text(fields, "username");
    await server.setMember(board, username, roleOf(text(fields, "role")));
    setDone(words.added(username));
    form.reset();
    added();
  });
  return (
    <form class="add-member" onSubmit={onSubmit}>
      {problem && <p role="alert">{problem.message}</p>}
      <Field
        label={messages.accounts.username}
        name="username"
        autocomplete="off"
        error={problem?.errors["username"]}
      />
      <div class="actions">
        <RoleField roles={["editor", "reader", "owner"]} />
        <button type="submit" class="primary" disabled={busy}>
          {words.add}
        </button>
      </div>
      <p role="status">{done}</p>
    </form>
  );
}
