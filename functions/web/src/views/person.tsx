// The name of a user. It is a text of its own direction, so that it cannot mirror the text beside it.

import { useEffect } from "preact/hooks";
import { messages } from "../messages.ts";
import { people } from "../people/on-screen.ts";
import type { Label } from "../people/people.ts";

/** Keeps a user on the screen while the view exists. Returns what to show of the user. */
export function usePerson(username: string): Label {
  useEffect(() => people.show(username), [username]);
  return people.label(username).value;
}

/**
 * A user's display name, with the username where another user on the screen has a name that looks the same. Until the current
 * name is known, it is `name`, or else the username.
 */
export function PersonName({ username, name = username }: { username: string; name?: string }) {
  const { displayName = name, ambiguous } = usePerson(username);
  return (
    <>
      <bdi title={messages.handle(username)}>{displayName}</bdi>
      {ambiguous && <span class="handle"> {messages.handle(username)}</span>}
    </>
  );
}

/** The name of the author of something. It stays when the account is deleted. */
export function Person({ username }: { username: string }) {
  const { gone } = people.label(username).value;
  return (
    <>
      <PersonName username={username} />
      {gone && <span class="gone"> {messages.accounts.gone}</span>}
    </>
  );
}
