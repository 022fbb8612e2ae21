// Writes to the database of this browser that are not done yet.

import { computed, signal } from "@preact/signals";

export class Writes {
  readonly #running = signal(0);

  /** Whether everything is in the database. */
  readonly done = computed(() => this.#running.value === 0);

  /** Counts a write until it is done. */
  add(write: Promise<void>): Promise<void> {
    this.#running.value += 1;
    return write.finally(() => (this.#running.value -= 1));
  }
}
