// The name of who wrote something, which stays when the account goes.

import { useEffect } from "preact/hooks";
import { person } from "../server/api.ts";
import { People } from "../server/people.ts";
import { words } from "../words.ts";

const people = new People(person);

export function Person({ username }: { username: string }) {
  useEffect(() => void people.look(username), [username]);
  const about = people.of(username).value;
  return (
    <>
      <bdi>{username}</bdi>
      {about.known && about.gone && <span class="gone"> {words.accounts.gone}</span>}
    </>
  );
}
