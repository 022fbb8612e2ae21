import { effect } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person } from "../server/api.ts";
import { eventually } from "../testing.ts";
import { People } from "./people.ts";

/** A server with users, by username. */
class Server {
  readonly requests: (readonly string[])[] = [];
  readonly users = new Map<string, Person>();
  up = true;
  /** Lets held responses go. */
  release = () => {};
  #released: Promise<void> | undefined;

  /** Holds responses back. */
  hold(): void {
    this.#released = new Promise((release) => (this.release = release));
  }

  name(username: string, displayName: string): this {
    this.users.set(username, { username, displayName });
    return this;
  }

  readonly lookUp = async (usernames: readonly string[]): Promise<Person[]> => {
    this.requests.push(usernames);
    if (!this.up) throw new Error("unreachable");
    const found = usernames.flatMap((username) => this.users.get(username) ?? []);
    await this.#released;
    return found;
  };
}

let server: Server;
let people: People;
beforeEach(() => {
  server = new Server().name("ada", "Ada Lovelace").name("bob", "Bob");
  people = new People(server.lookUp);
});
afterEach(() => void vi.useRealTimers());

const name = (username: string) => people.text(username);

test("a user is shown by username until the display name is known", async () => {
  expect(people.label("ada").value).toEqual({ displayName: undefined, gone: false, ambiguous: false });
  expect(name("ada")).toBe("ada");
  people.show("ada");
  await eventually(() => expect(name("ada")).toBe("Ada Lovelace"));
  server.users.set("eve", { username: "eve", gone: true });
  people.show("eve");
  await eventually(() => expect(people.label("eve").value.gone).toBe(true));
  expect(name("eve")).toBe("eve");
});

test("users that are shown at the same time are looked up in one request", async () => {
  for (const username of ["ada", "bob", "ada", "nobody"]) people.show(username);
  await people.known(["ada", "bob", "nobody"]);
  expect(server.requests).toEqual([["ada", "bob", "nobody"]]);
  expect(name("nobody")).toBe("nobody");
  people.show("bob");
  await people.known(["ada", "bob", "nobody"]);
  expect(server.requests.length).toBe(1);
});

test("a request has at most a hundred usernames", async () => {
  const usernames = Array.from({ length: 201 }, (_, number) => `user-${number}`);
  await people.known(usernames);
  expect(server.requests.map((request) => request.length)).toEqual([100, 100, 1]);
});

test("a failed request leaves known names, and is repeated", async () => {
  people.show("ada");
  await people.known(["ada"]);
  server.up = false;
  people.refresh({ all: true });
  await eventually(() => expect(server.requests.length).toBe(2));
  expect(name("ada")).toBe("Ada Lovelace");
  people.show("bob");
  await people.known(["bob"]);
  expect(name("bob")).toBe("bob");
  server.up = true;
  server.name("ada", "Countess");
  people.refresh({ all: false });
  await eventually(() => expect([name("ada"), name("bob")]).toEqual(["Countess", "Bob"]));
});

test("a changed name is shown after a refresh, and without one after a while", async () => {
  const hide = people.show("ada");
  people.show("bob");
  await people.known(["ada", "bob"]);
  server.name("ada", "Countess").name("bob", "Bobby");
  people.refresh({ all: false });
  people.refresh({ all: true });
  await eventually(() => expect([name("ada"), name("bob")]).toEqual(["Countess", "Bobby"]));
  expect(server.requests.length).toBe(2);

  // A user who is not on the screen is looked up again when a view shows them.
  hide();
  server.name("ada", "Ada").name("bob", "Bob");
  const later = Date.now() + 30 * 60_000 + 1;
  vi.spyOn(Date, "now").mockReturnValue(later);
  people.refresh({ all: false });
  await eventually(() => expect(name("bob")).toBe("Bob"));
  expect(server.requests.at(-1)).toEqual(["bob"]);
  people.show("ada");
  await eventually(() => expect(name("ada")).toBe("Ada"));
  vi.restoreAllMocks();
});

test("alike names are ambiguous while both are on the screen", async () => {
  server.name("eve", "ada  LOVELACE");
  people.show("ada");
  people.show("bob");
  const hide = people.show("eve");
  await people.known(["ada", "bob", "eve"]);
  const ambiguous = () => ["ada", "bob", "eve"].filter((username) => people.label(username).value.ambiguous);
  expect(ambiguous()).toEqual(["ada", "eve"]);
  expect(name("ada")).toBe("Ada Lovelace @ada");
  hide();
  expect(ambiguous()).toEqual([]);
});

test("a name that did not change is not shown again", async () => {
  people.show("ada");
  let shown = 0;
  const stop = effect(() => {
    people.label("ada").value;
    shown += 1;
  });
  await people.known(["ada"]);
  expect(shown).toBe(2);
  people.refresh({ all: true });
  await eventually(() => expect(server.requests.length).toBe(2));
  people.show("bob");
  await people.known(["bob"]);
  expect(shown).toBe(2);
  stop();
});

test("a look-up that began before a change does not undo it", async () => {
  server.hold();
  people.show("ada");
  const known = people.known(["ada"]);
  await eventually(() => expect(server.requests.length).toBe(1));
  people.put({ username: "ada", displayName: "Countess" });
  server.release();
  await known;
  expect(name("ada")).toBe("Countess");
  people.refresh({ all: true });
  await eventually(() => expect(name("ada")).toBe("Ada Lovelace"));
});

test("a user who is named differently elsewhere is looked up again", async () => {
  people.checkName("ada", "Countess");
  people.show("ada");
  await people.known(["ada"]);
  people.checkName("ada", "Ada Lovelace");
  server.name("ada", "Countess");
  people.checkName("ada", "Countess");
  await eventually(() => expect(name("ada")).toBe("Countess"));
  expect(server.requests).toEqual([["ada"], ["ada"]]);
});

test("a name that changes during a look-up is found by another one", async () => {
  people.show("ada");
  await people.known(["ada"]);
  server.hold();
  people.refresh({ all: true });
  await eventually(() => expect(server.requests.length).toBe(2));
  const checked = people.checkName("ada", "Countess");
  server.release();
  server.name("ada", "Countess");
  await checked;
  expect([name("ada"), server.requests.length]).toEqual(["Countess", 3]);
});

test("users are remembered, and shown at the next visit until they are looked up", async () => {
  const remembered: Person[] = [];
  const before = new People(server.lookUp, (people) => remembered.push(...people));
  await before.known(["ada", "nobody"]);
  before.put({ username: "bob", displayName: "Bobby" });
  expect(remembered.map((person) => person.displayName)).toEqual(["Ada Lovelace", "Bobby"]);

  people.recall(remembered);
  expect([name("ada"), name("bob")]).toEqual(["Ada Lovelace", "Bobby"]);
  people.show("bob");
  await eventually(() => expect(name("bob")).toBe("Bob"));
  people.recall(remembered);
  expect(name("bob")).toBe("Bob");
});

test("a response after the end of the session is neither shown nor remembered", async () => {
  const remembered: Person[] = [];
  const ending = new People(server.lookUp, (people) => remembered.push(...people));
  server.hold();
  const known = ending.known(["ada"]);
  await eventually(() => expect(server.requests.length).toBe(1));
  ending.clear();
  // The next session asks again, without waiting for that response.
  const next = ending.known(["ada"]);
  await eventually(() => expect(server.requests.length).toBe(2));
  expect(ending.text("ada")).toBe("ada");
  expect(remembered).toEqual([]);
  server.release();
  await Promise.all([known, next]);
  expect(remembered.length).toBe(1);
});

test("a user's own change is shown at once, and clearing forgets all", async () => {
  people.put({ username: "ada", displayName: "Countess" });
  expect(name("ada")).toBe("Countess");
  people.show("ada");
  await people.known(["ada"]);
  expect(server.requests).toEqual([]);
  people.clear();
  expect(name("ada")).toBe("ada");
});
