// Who wrote what: whether the account behind a username is still there.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";

/** What is known of a username: nothing yet, or whether its account is gone. */
export type Person = { known: false } | { known: true; gone: boolean };

/** Asks the server about a username. */
export type Ask = (username: string) => Promise<{ gone?: boolean }>;

export class People {
  readonly #ask: Ask;
  readonly #people = new Map<string, Signal<Person>>();
  readonly #asked = new Set<string>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** What is known of a username. */
  of(username: string): ReadonlySignal<Person> {
    return this.#signal(username);
  }

  /** Looks a username up, again if it was before: once for all who ask at the same time. Names are shown without it. */
  async look(username: string): Promise<void> {
    if (this.#asked.has(username)) return;
    this.#asked.add(username);
    try {
      const { gone = false } = await this.#ask(username);
      this.#signal(username).value = { known: true, gone };
    } catch {
      // What was known stays; whoever shows the name next asks again.
    } finally {
      this.#asked.delete(username);
    }
  }

  #signal(username: string): Signal<Person> {
    let person = this.#people.get(username);
    if (person === undefined) {
      person = signal<Person>({ known: false });
      this.#people.set(username, person);
    }
    return person;
  }
}
