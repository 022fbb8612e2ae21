// The users that are on the screen: their names, and whether their accounts are gone. Looked up when they are needed.

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { messages } from "../messages.ts";
import type { Person } from "../server/api.ts";
import { alike } from "./alike.ts";

/** Looks users up. Unknown usernames are absent from the result. */
export type LookUp = (usernames: readonly string[]) => Promise<readonly Person[]>;

/** Stores users for the next visit. */
export type Remember = (people: readonly Person[]) => void;

/** The label of a user in the page. */
export interface Label {
  /** Absent until it is known, and after the account was deleted. The page shows the username instead. */
  displayName: string | undefined;
  gone: boolean;
  /** Whether another user on the screen has a name that looks like this one. */
  ambiguous: boolean;
}

/** Maximum number of usernames in a request. The server accepts no more. */
const MAX_USERNAMES = 100;

/** How long to wait for other usernames to look up in the same request. */
const GATHER_MS = 10;

/** How long a name is taken for current. A user who changes it and opens a note is noticed earlier. */
const MAX_AGE_MS = 30 * 60_000;

interface Entry {
  person: Signal<Person | undefined>;
  label: ReadonlySignal<Label>;
  /** Number of views that show the user. */
  views: number;
  /** When the user was looked up, in milliseconds since 1970. */
  lookedUp: number | undefined;
}

export class People {
  readonly #lookUp: LookUp;
  readonly #remember: Remember;
  readonly #entries = new Map<string, Entry>();
  /** Changes when users come onto the screen or leave it. */
  readonly #screen = signal(0);
  readonly #ambiguous = computed(() => {
    this.#screen.value;
    return alike([...this.#shown()].map(([username, { person }]) => [username, person.value?.displayName ?? username]));
  });
  readonly #wanted = new Set<string>();
  /** Requests in progress, by username. */
  readonly #pending = new Map<string, Promise<void>>();
  /** Users that were changed since their last look-up began. */
  readonly #changed = new Set<string>();
  #gathering: Promise<void> | undefined;
  /** Counts the calls of `clear`. */
  #clears = 0;

  constructor(lookUp: LookUp, remember: Remember = () => {}) {
    this.#lookUp = lookUp;
    this.#remember = remember;
  }

  /** Returns what to show of a user. */
  label(username: string): ReadonlySignal<Label> {
    return this.#entry(username).label;
  }

  /** Returns the name of a user in a text without markup: with the username, if the name is ambiguous. */
  text(username: string): string {
    const { displayName = username, ambiguous } = this.label(username).value;
    return ambiguous ? messages.ambiguousName(displayName, username) : displayName;
  }

  /** Called when a view begins to show a user. Returns a function to call when it ends. */
  show(username: string): () => void {
    const entry = this.#entry(username);
    this.#count(entry, 1);
    if (isOld(entry)) void this.#want(username);
    return () => this.#count(entry, -1);
  }

  /** Resolves once the names of users are known, or cannot be. */
  async known(usernames: readonly string[]): Promise<void> {
    const unknown = usernames.filter((username) => this.#entry(username).lookedUp === undefined);
    await Promise.all(unknown.map((username) => this.#want(username)));
  }

  /** Looks up again all users on the screen, or those that were not looked up for a while. */
  refresh({ all }: { all: boolean }): void {
    for (const [username, entry] of this.#shown()) if (all || isOld(entry)) void this.#want(username);
  }

  /** Called when a user is named elsewhere. Looks the user up again if that is another name than the known one. */
  async checkName(username: string, displayName: string): Promise<void> {
    // A look-up that began earlier may find the former name.
    await this.#pending.get(username);
    const known = this.#entry(username).person.peek();
    if (known !== undefined && known.displayName !== displayName) await this.#want(username);
  }

  /** Shows what the server responded to a change. A look-up that began before it does not count. */
  put(person: Person): void {
    this.#changed.add(person.username);
    this.#store(person);
    this.#remember([person]);
  }

  /** Shows users as they were remembered, until they are looked up. */
  recall(people: readonly Person[]): void {
    batch(() => {
      for (const person of people) this.#entry(person.username).person.value ??= person;
    });
  }

  /** Forgets all users. */
  clear(): void {
    this.#clears += 1;
    this.#pending.clear();
    batch(() => {
      for (const entry of this.#entries.values()) {
        entry.lookedUp = undefined;
        entry.person.value = undefined;
      }
    });
  }

  #entry(username: string): Entry {
    let entry = this.#entries.get(username);
    if (entry === undefined) {
      const person = signal<Person | undefined>(undefined);
      const ambiguous = computed(() => this.#ambiguous.value.has(username));
      const label = computed(() => ({
        displayName: person.value?.displayName,
        gone: person.value?.gone ?? false,
        ambiguous: ambiguous.value,
      }));
      entry = { person, label, views: 0, lookedUp: undefined };
      this.#entries.set(username, entry);
    }
    return entry;
  }

  #store(person: Person): void {
    const entry = this.#entry(person.username);
    entry.lookedUp = Date.now();
    const { displayName, gone } = entry.person.peek() ?? {};
    if (displayName !== person.displayName || gone !== person.gone) entry.person.value = person;
  }

  *#shown(): Iterable<[string, Entry]> {
    for (const [username, entry] of this.#entries) if (entry.views > 0) yield [username, entry];
  }

  #count(entry: Entry, views: 1 | -1): void {
    const before = entry.views;
    entry.views += views;
    if (before === 0 || entry.views === 0) this.#screen.value += 1;
  }

  /** Resolves once the user was looked up, or the request failed. */
  #want(username: string): Promise<void> {
    const pending = this.#pending.get(username);
    if (pending !== undefined) return pending;
    this.#wanted.add(username);
    this.#gathering ??= new Promise((passed) => setTimeout(passed, GATHER_MS)).then(() => this.#ask());
    return this.#gathering;
  }

  async #ask(): Promise<void> {
    this.#gathering = undefined;
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    const requests: Promise<void>[] = [];
    for (let first = 0; first < wanted.length; first += MAX_USERNAMES) {
      const usernames = wanted.slice(first, first + MAX_USERNAMES);
      const request = this.#askFor(usernames);
      for (const username of usernames) this.#pending.set(username, request);
      requests.push(request);
    }
    await Promise.all(requests);
  }

  async #askFor(usernames: readonly string[]): Promise<void> {
    for (const username of usernames) this.#changed.delete(username);
    const clears = this.#clears;
    try {
      const people = await this.#lookUp(usernames);
      // Another session may have begun.
      if (clears !== this.#clears) return;
      for (const username of usernames) this.#entry(username).lookedUp = Date.now();
      const current = people.filter(({ username }) => !this.#changed.has(username));
      batch(() => current.forEach((person) => void this.#store(person)));
      this.#remember(current);
    } catch {
      // Known names stay. The next view, or the next refresh, asks again.
      for (const username of usernames) this.#entry(username).lookedUp = undefined;
    }
    if (clears === this.#clears) for (const username of usernames) this.#pending.delete(username);
  }
}

function isOld({ lookedUp }: Entry): boolean {
  return lookedUp === undefined || Date.now() - lookedUp > MAX_AGE_MS;
}
