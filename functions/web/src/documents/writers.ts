// The people who are writing in a note right now.

import { type ReadonlySignal, signal } from "@preact/signals";

/** How long after an edit somebody counts as writing. */
const WRITING_MS = 3_000;

export class Writers {
  readonly #names = signal<readonly string[]>([]);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  get names(): ReadonlySignal<readonly string[]> {
    return this.#names;
  }

  /** Called when an edit of a user arrives. */
  add(username: string): void {
    clearTimeout(this.#timers.get(username));
    this.#timers.set(
      username,
      setTimeout(() => this.#remove(username), WRITING_MS),
    );
    if (!this.#names.peek().includes(username)) this.#names.value = [...this.#names.peek(), username];
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #remove(username: string): void {
    this.#timers.delete(username);
    this.#names.value = this.#names.peek().filter((name) => name !== username);
  }
}
