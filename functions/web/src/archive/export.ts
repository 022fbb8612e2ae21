// An export of all notes. It reads page by page, and collects the pages until they can be saved as a file.

import { signal } from "@preact/signals";
import { type ExportPage, notesIn } from "../server/archive.ts";
import { retryTransient, type Wait } from "./retry.ts";
import { ended, type State } from "./transfer.ts";

type Read = (cursor: string | undefined, signal: AbortSignal) => Promise<ExportPage>;

export class Export {
  readonly state = signal<State>({ state: "running" });
  /** Number of notes read so far. */
  readonly notes = signal(0);
  readonly begun = new Date();
  readonly #read: Read;
  readonly #wait: Wait;
  /** The pages. A browser can store blobs outside of memory, but not strings. */
  readonly #pages: Blob[] = [];
  #cursor: string | undefined;
  #abort = new AbortController();

  constructor(read: Read, wait: Wait) {
    this.#read = read;
    this.#wait = wait;
  }

  /** Starts, or continues after the last page. */
  async run(): Promise<void> {
    this.#abort = new AbortController();
    this.state.value = { state: "running" };
    const { signal } = this.#abort;
    this.state.value = await ended(() => this.#readAll(signal), signal);
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Returns the pages read so far. */
  file(): Blob {
    return new Blob(this.#pages, { type: "application/x-ndjson" });
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    do {
      const { lines, next } = await retryTransient(() => this.#read(this.#cursor, signal), signal, this.#wait);
      signal.throwIfAborted();
      this.#pages.push(new Blob([lines]));
      this.notes.value += notesIn(lines);
      this.#cursor = next;
    } while (this.#cursor !== undefined);
  }
}
