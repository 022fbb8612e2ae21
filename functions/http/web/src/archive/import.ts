// An import of a file, a parcel of its lines after the other. To go on, or to repeat it, harms nothing: what is there is skipped.

import { signal } from "@preact/signals";
import type { Imported } from "../server/archive.ts";
import { words } from "../words.ts";
import { parcels, type Line } from "./parcels.ts";
import { patiently, type Wait } from "./patience.ts";
import { ended, type State } from "./transfer.ts";

/** How many of the lines that were refused are told. */
export const MOST_TOLD = 100;

export interface Refused {
  /** Its number in the file. */
  line: number;
  key: string | undefined;
  why: string;
}

/** How far an import is. */
export interface Reached {
  bytes: number;
  lines: number;
  created: number;
  skipped: number;
  refused: number;
  /** The first that were refused. */
  told: readonly Refused[];
}

export const nothing: Reached = { bytes: 0, lines: 0, created: 0, skipped: 0, refused: 0, told: [] };

/** Counts what came of the next lines. */
export function reach(reached: Reached, lines: readonly Line[], outcomes: readonly Imported[]): Reached {
  const next = { ...reached, told: [...reached.told] };
  outcomes.slice(0, lines.length).forEach(({ outcome, key, why = "" }, at) => {
    next.bytes += lines[at]!.bytes;
    next.lines += 1;
    next[outcome] += 1;
    if (outcome === "refused" && next.told.length < MOST_TOLD) next.told.push({ line: next.lines, key, why });
  });
  return next;
}

type Send = (lines: Blob, signal: AbortSignal) => Promise<Imported[]>;

export class Import {
  readonly state = signal<State>({ state: "running" });
  readonly reached = signal(nothing);
  readonly file: File;
  readonly #send: Send;
  readonly #wait: Wait;
  #abort = new AbortController();

  constructor(file: File, send: Send, wait: Wait) {
    this.file = file;
    this.#send = send;
    this.#wait = wait;
  }

  /** Begins, or goes on where it was. */
  async run(): Promise<void> {
    this.#abort = new AbortController();
    this.state.value = { state: "running" };
    const { signal } = this.#abort;
    this.state.value = await ended(() => this.#sendAll(signal), signal);
  }

  cancel(): void {
    this.#abort.abort();
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    const rest = this.file.slice(this.reached.peek().bytes);
    for await (const { tooLong, lines } of parcels(rest.stream())) {
      signal.throwIfAborted();
      if (tooLong) this.#reach(lines, [{ outcome: "refused", why: words.account.import.tooLong }]);
      else await this.#sendLines(lines, signal);
    }
  }

  /** Lines that there was no time for are sent again. */
  async #sendLines(lines: Line[], signal: AbortSignal): Promise<void> {
    for (let left = lines; left.length > 0; ) {
      const parcel = new Blob(left.flatMap(({ pieces }) => pieces));
      const outcomes = await patiently(() => this.#send(parcel, signal), signal, this.#wait);
      signal.throwIfAborted();
      this.#reach(left, outcomes);
      left = left.slice(outcomes.length);
    }
  }

  #reach(lines: readonly Line[], outcomes: readonly Imported[]): void {
    this.reached.value = reach(this.reached.peek(), lines, outcomes);
  }
}
