// The name of who wrote something, which stays when the account goes.

import { useEffect } from "preact/hooks";
import { person } from "../api.ts";
import { People } from "../people.ts";

const people = new People(person);

export function Person({ username }: { username: string }) {
  useEffect(() => void people.look(username), [username]);
  const about = people.of(username).value;
  return (
    <>
      <bdi>{username}</bdi>
      {about.known && about.gone && <span class="gone"> (account deleted)</span>}
    </>
  );
}
