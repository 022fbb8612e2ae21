// The accounts, and the actions of an administrator on each.

import { useEffect, useRef, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import * as admin from "../../server/admin.ts";
import { Dialog } from "../dialog.tsx";
import { Outcome } from "../outcome.tsx";
import { SecretLink } from "../secret-link.tsx";
import { Time } from "../time.tsx";
import { useAttempt } from "../use-attempt.ts";
import { More } from "./more.tsx";
import { usePages } from "./use-pages.ts";

/** The action of a button: its request, its change of the person, and its announcement. */
interface Action {
  label: string;
  danger?: boolean;
  request: (username: string) => Promise<void>;
  change: Partial<admin.Person>;
  done: (username: string) => string;
}

const { actions } = messages.people;
const disable: Action = {
  label: actions.disable,
  danger: true,
  request: admin.disable,
  change: { disabled: true, administrator: false },
  done: actions.disabled,
};
const enable: Action = {
  label: actions.enable,
  request: admin.enable,
  change: { disabled: false },
  done: actions.enabled,
};
const grant: Action = {
  label: actions.grant,
  request: admin.grantAdministrator,
  change: { administrator: true, disabled: false },
  done: actions.granted,
};
const withdraw: Action = {
  label: actions.withdraw,
  danger: true,
  request: admin.withdrawAdministrator,
  change: { administrator: false },
  done: actions.withdrawn,
};

export function Accounts({ changed }: { changed: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const pages = usePages(admin.people);
  const { items: people, setItems: setPeople } = pages;
  const [link, setLink] = useState<{ username: string } & admin.Secret>();
  const [leaving, setLeaving] = useState<string>();
  const { busy, failure, done, attempt } = useAttempt();
  /** Ignores a second action meanwhile. A disabled button would lose the focus. */
  const act: typeof attempt = async (...action) => {
    if (!busy) await attempt(...action);
  };
  useEffect(() => void pages.readPage(), []);

  const perform = (username: string, { request, change, done }: Action) =>
    act(async () => {
      await request(username);
      setPeople((shown) => shown.map((one) => (one.username === username ? { ...one, ...change } : one)));
      changed();
    }, done(username));
  const makeLink = (username: string) =>
    act(async () => {
      setLink({ username, ...(await admin.makePasswordLink(username)) });
      changed();
    });
  const remove = (username: string) =>
    act(async () => {
      setLeaving(undefined);
      await admin.remove(username);
      setPeople((shown) => shown.filter((one) => one.username !== username));
      changed();
      heading.current?.focus();
    }, actions.removed(username));

  return (
    <section aria-labelledby="people-heading">
      <h2 id="people-heading" ref={heading} tabIndex={-1}>
        {messages.people.accounts}
      </h2>
      <Outcome done={done} failure={failure} />
      <ul class="people">
        {people.map((person) => (
          <li key={person.username}>
            <Who person={person} />
            {link?.username === person.username && (
              <SecretLink
                label={messages.people.link.password(person.username)}
                path={`/password/${link.token}`}
                expires={link.expires}
              />
            )}
            <div class="actions">
              {[person.disabled ? enable : disable, person.administrator ? withdraw : grant].map((action, slot) => (
                <button
                  // The same button before and after, so that it keeps the focus.
                  key={slot}
                  type="button"
                  class={action.danger ? "danger" : ""}
                  aria-label={actions.of(action.label, person.username)}
                  onClick={() => void perform(person.username, action)}
                >
                  {action.label}
                </button>
              ))}
              <button
                type="button"
                disabled={person.disabled}
                aria-label={actions.of(actions.link, person.username)}
                onClick={() => void makeLink(person.username)}
              >
                {actions.link}
              </button>
              <button
                type="button"
                class="danger"
                aria-label={actions.of(actions.remove, person.username)}
                onClick={() => setLeaving(person.username)}
              >
                {actions.remove}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <More {...pages} />
      {leaving !== undefined && (
        <Dialog heading={actions.removeHeading(leaving)} close={() => setLeaving(undefined)}>
          <p>{actions.removeExplain}</p>
          <div class="actions">
            <button type="button" onClick={() => setLeaving(undefined)}>
              {actions.keep}
            </button>
            <button type="button" class="danger" onClick={() => void remove(leaving)}>
              {actions.removeConfirm}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function Who({ person }: { person: admin.Person }) {
  const { username, displayName, administrator, disabled, created, lastSeen } = person;
  return (
    <>
      <p>
        <strong>
          <bdi>{displayName}</bdi>
        </strong>{" "}
        <bdi>@{username}</bdi>
        {administrator && <em> · {messages.people.administrator}</em>}
        {disabled && <em> · {messages.people.disabled}</em>}
      </p>
      <p class="byline">
        {messages.people.seen}
        <Time of={lastSeen ?? created} />
      </p>
    </>
  );
}
