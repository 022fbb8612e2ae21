// The users of this page, and when their names are looked up again.

import * as cache from "../cache/cache.ts";
import { users } from "../server/api.ts";
import { People } from "./people.ts";

/** How often the page looks for names that are no longer current. */
const CHECK_MS = 60_000;

export const people = new People(users, (people) => void cache.putPeople(people));

/** Shows the names of the last visit, until they are looked up. */
export async function recallNames(): Promise<void> {
  people.recall(await cache.people());
}

/** Keeps the names on the screen current: when the user returns to the page, and after a while. */
export function keepNamesCurrent(): void {
  const check = () => {
    if (document.visibilityState === "visible") people.refresh({ all: false });
  };
  setInterval(check, CHECK_MS);
  addEventListener("visibilitychange", check);
}
