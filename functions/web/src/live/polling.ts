// Polls over HTTP while there is no live connection.

/** How long the first live connection may take. */
const PATIENCE_MS = 3_000;

/** The interval between reads. */
const PAUSE_MS = 10_000;

/** The delay after a failed read. */
const RETRY_MS = 5_000;

/** The timeout of a read. */
const TIMEOUT_MS = 15_000;

export class Polling {
  readonly #read: (signal: AbortSignal) => Promise<void>;
  readonly #ended: (done: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Aborts the read in progress. */
  #reading: AbortController | undefined;
  #running = false;
  /** Whether the last read succeeded. */
  #rested = false;

  /** `read` rejects after a failure. `ended` is called after each read, unless polling was stopped. */
  constructor(read: (signal: AbortSignal) => Promise<void>, ended: (done: boolean) => void = () => {}) {
    this.#read = read;
    this.#ended = ended;
  }

  /** Starts polling. Call it when there is no live connection. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#rested = false;
    this.#schedule(PATIENCE_MS);
  }

  /** Reads at once. Call it when the live connection fails. */
  hurry(): void {
    if (!this.#running || this.#rested || this.#reading !== undefined) return;
    void this.#now();
  }

  /** Stops polling, and aborts the read in progress. Call it when the live connection is established. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#reading?.abort();
    this.#reading = undefined;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#now(), ms);
  }

  async #now(): Promise<void> {
    clearTimeout(this.#timer);
    const reading = new AbortController();
    this.#reading = reading;
    const timeout = setTimeout(() => reading.abort(), TIMEOUT_MS);
    const done = await this.#read(reading.signal).then(
      () => true,
      () => false,
    );
    clearTimeout(timeout);
    if (this.#reading !== reading) return;
    this.#reading = undefined;
    this.#rested = done;
    this.#ended(done);
    this.#schedule(done ? PAUSE_MS : RETRY_MS);
  }
}
