// The name of who wrote something, which stays when the account goes.

import { useEffect } from "preact/hooks";
import { messages } from "../messages.ts";
import { person } from "../server/api.ts";
import { People } from "../server/people.ts";

const people = new People(person);

export function Person({ username }: { username: string }) {
  useEffect(() => void people.look(username), [username]);
  const about = people.of(username).value;
  return (
    <>
      <bdi>{username}</bdi>
      {about.known && about.gone && <span class="gone"> {messages.accounts.gone}</span>}
    </>
  );
}
