// Joining a board with the link of an invitation.

import { goAfterChange } from "../../boards/boards.ts";
import { messages } from "../../messages.ts";
import { joinBoard } from "../../server/boards.ts";
import { Problem } from "../../server/problem.ts";
import { Heading } from "../heading.tsx";
import { useAttempt } from "../use-attempt.ts";

export function JoinBoard({ token }: { token: string }) {
  const { busy, failure, attempt } = useAttempt();
  const join = () =>
    attempt(async () => {
      try {
        const { id } = await joinBoard(token);
        await goAfterChange({ view: "list", board: id });
      } catch (error) {
        throw error instanceof Problem && error.status === 404 ? new Problem(404, messages.boards.join.void) : error;
      }
    });
  return (
    <section class="empty">
      <Heading>{messages.boards.join.heading}</Heading>
      <p>{messages.boards.join.explain}</p>
      {failure && <p role="alert">{failure}</p>}
      <button type="button" class="primary" disabled={busy} onClick={() => void join()}>
        {messages.boards.join.join}
      </button>
    </section>
  );
}
