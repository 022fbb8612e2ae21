// The user's passkeys: list, add and remove them.

import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import type { User } from "../../server/api.ts";
import { addPasskey, CANCELLED, type Passkey, passkeys, removePasskey } from "../../server/passkeys.ts";
import { Field } from "../field.tsx";
import { Outcome } from "../outcome.tsx";
import { text, useSubmission } from "../submission.ts";
import { Time } from "../time.tsx";
import { useAttempt } from "../use-attempt.ts";
import { device } from "./device.ts";
import { OwnUsername } from "./own-username.tsx";

/** The most passkeys of an account. */
const MOST = 10;

export function Passkeys({ user }: { user: User }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [all, setAll] = useState<Passkey[]>();
  const { busy, failure, done, attempt } = useAttempt();
  const load = async () => setAll(await passkeys());
  const remove = ({ id, name }: Passkey) =>
    attempt(async () => {
      await removePasskey(id);
      await load();
      // The pressed button is gone with its row.
      heading.current?.focus();
    }, messages.passkeys.removed(name));
  useEffect(() => void attempt(load), []);

  return (
    <section aria-labelledby="passkeys-heading">
      <h2 id="passkeys-heading" ref={heading} tabIndex={-1}>
        {messages.passkeys.heading}
      </h2>
      <p>{messages.passkeys.explain}</p>
      <Outcome done={done} failure={failure} />
      {all === undefined && failure && (
        <button type="button" disabled={busy} onClick={() => void attempt(load)}>
          {messages.tryAgain}
        </button>
      )}
      <ul class="sessions">
        {all?.map((passkey) => (
          <Row key={passkey.id} passkey={passkey} busy={busy} remove={() => void remove(passkey)} />
        ))}
      </ul>
      {all !== undefined && all.length < MOST && (
        <Add user={user} added={(name) => attempt(load, messages.passkeys.added(name))} />
      )}
      {all !== undefined && all.length >= MOST && <p>{messages.passkeys.most(MOST)}</p>}
    </section>
  );
}

function Row({ passkey, busy, remove }: { passkey: Passkey; busy: boolean; remove: () => void }) {
  const { name, created, lastUsed } = passkey;
  return (
    <li>
      <p>
        <strong dir="auto">{name}</strong>
      </p>
      <p class="byline">
        {messages.passkeys.created}
        <Time of={created} />
        {" · "}
        {lastUsed === undefined ? (
          messages.passkeys.neverUsed
        ) : (
          <>
            {messages.passkeys.lastUsed}
            <Time of={lastUsed} />
          </>
        )}
      </p>
      <button
        type="button"
        class="danger"
        disabled={busy}
        aria-label={messages.passkeys.removeOf(name)}
        onClick={remove}
      >
        {messages.passkeys.remove}
      </button>
    </li>
  );
}

function Add({ user, added }: { user: User; added: (name: string) => Promise<void> }) {
  // How often a passkey was added. What was typed goes each time.
  const [times, setTimes] = useState(0);
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    const name = text(fields, "name");
    await addPasskey(name, text(fields, "password"));
    setTimes(times + 1);
    await added(name.trim());
  });
  const { browser, system } = device(navigator.userAgent);
  return (
    <form onSubmit={onSubmit}>
      {problem && <p role={problem.code === CANCELLED ? "status" : "alert"}>{problem.message}</p>}
      <OwnUsername username={user.username} />
      <Field
        key={`name-${times}`}
        label={messages.passkeys.name}
        name="name"
        autocomplete="off"
        initial={messages.account.sessions.device(browser, system)}
        error={problem?.errors["name"]}
      />
      <Field
        key={`password-${times}`}
        label={messages.account.password.current}
        name="password"
        secret
        autocomplete="current-password"
        error={problem?.errors["password"]}
      />
      <button type="submit" class="primary" disabled={busy}>
        {messages.passkeys.add}
      </button>
    </form>
  );
}
