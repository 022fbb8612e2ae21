// Where one is signed in, and an end to it.

import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import { endOtherSessions, endSession, sessions, type UserSession } from "../../server/api.ts";
import { Problem } from "../../server/problem.ts";
import { Time } from "../time.tsx";
import { device } from "./device.ts";

/** Shows them, anew after every one of the changes that are counted. */
export function Sessions({ changes }: { changes: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [all, setAll] = useState<UserSession[]>();
  const [failure, setFailure] = useState<string>();
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);

  /** Does something, if there is something to do, and looks how things are. */
  const attempt = async (action?: () => Promise<void>, done = "") => {
    setBusy(true);
    setFailure(undefined);
    setSaid("");
    try {
      await action?.();
      if (action) setSaid(done);
      setAll(await sessions());
      // The pressed button is gone with its row.
      if (action) heading.current?.focus();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFailure(error.message);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => void attempt(), [changes]);

  return (
    <section aria-labelledby="sessions-heading">
      <h2 id="sessions-heading" ref={heading} tabIndex={-1}>
        {messages.account.sessions.heading}
      </h2>
      <p class="unseen" role="status">
        {said}
      </p>
      {failure && (
        <div role="alert">
          <p>{failure}</p>
          <button type="button" disabled={busy} onClick={() => void attempt()}>
            {messages.tryAgain}
          </button>
        </div>
      )}
      {all === undefined && failure === undefined && <p>{messages.account.sessions.loading}</p>}
      <ul class="sessions">
        {all?.map((session) => (
          <Row
            key={session.id}
            session={session}
            busy={busy}
            end={() => void attempt(() => endSession(session.id), messages.account.sessions.ended(named(session)))}
          />
        ))}
      </ul>
      {all !== undefined && all.length > 1 && (
        <button
          type="button"
          class="danger"
          disabled={busy}
          onClick={() => void attempt(endOtherSessions, messages.account.sessions.othersEnded)}
        >
          {messages.account.sessions.endOthers}
        </button>
      )}
    </section>
  );
}

function named({ agent }: UserSession): string {
  const { browser, system } = device(agent);
  return messages.account.sessions.device(browser, system);
}

function Row({ session, busy, end }: { session: UserSession; busy: boolean; end: () => void }) {
  const { created, lastSeen, expires, address, agent, current } = session;
  return (
    <li>
      <p title={agent}>
        <strong dir="auto">{named(session)}</strong> {address !== "" && messages.account.sessions.at(address)}
        {current && (
          <>
            {" · "}
            <em>{messages.account.sessions.current}</em>
          </>
        )}
      </p>
      <p class="byline">
        {messages.account.sessions.seen}
        <Time of={lastSeen} />
        {" · "}
        {messages.account.sessions.begun}
        <Time of={created} />
        {" · "}
        <time dateTime={expires}>{messages.account.sessions.expires(new Date(expires))}</time>
      </p>
      {!current && (
        <button
          type="button"
          class="danger"
          disabled={busy}
          aria-label={messages.account.sessions.endOf(named(session))}
          onClick={end}
        >
          {messages.account.sessions.end}
        </button>
      )}
    </li>
  );
}
