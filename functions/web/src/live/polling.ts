// Reads over HTTP what the live connection does not bring: where it never stands, or while it is lost.

/** How long the live connection may take at first. */
const PATIENCE_MS = 3_000;

/** How long until it is read again. */
const PAUSE_MS = 10_000;

/** How long until it is read again after a failure. */
const RETRY_MS = 5_000;

/** How long one reading may take. */
const TIMEOUT_MS = 15_000;

export class Polling {
  readonly #read: (signal: AbortSignal) => Promise<void>;
  readonly #ended: (done: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the reading that is under way. */
  #reading: AbortController | undefined;
  #running = false;
  /** Whether something was read a moment ago. */
  #rested = false;

  /** `read` rejects if nothing could be read. `ended` is called after each reading, unless it was stopped. */
  constructor(read: (signal: AbortSignal) => Promise<void>, ended: (done: boolean) => void = () => {}) {
    this.#read = read;
    this.#ended = ended;
  }

  /** To be called once the live connection does not stand. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#rested = false;
    this.#schedule(PATIENCE_MS);
  }

  /** To be called when the live connection fails: there is nothing to wait for. */
  hurry(): void {
    if (!this.#running || this.#rested || this.#reading !== undefined) return;
    void this.#now();
  }

  /** To be called once the live connection stands. What is being read is of no use any more. */
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
