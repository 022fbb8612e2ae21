// An import of a file, a parcel of its lines after the other. To go on, or to repeat it, harms nothing: what is there is skipped.

import { signal } from "@preact/signals";
import { messages } from "../messages.ts";
import type { Imported } from "../server/archive.ts";
import { type Line, parcels } from "./parcels.ts";
import { patiently, type Wait } from "./patience.ts";
import { whyNoExport } from "./recognise.ts";
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
  /** How many of the file's lines, blank ones too. */
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
    next.lines += lines[at]!.lines;
    next[outcome] += 1;
    if (outcome === "refused" && next.told.length < MOST_TOLD) next.told.push({ line: next.lines, key, why });
  });
  return next;
}

/** How many lines are tried before a file counts as no export. */
const TRIED = 1_000;

/** Whether no line so far was a note or a comment, not even one that was refused. */
function holdsNothing({ created, skipped, told }: Reached): boolean {
  return created + skipped === 0 && told.every(({ key }) => key === undefined);
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

  /** Begins, unless the file cannot be an export. */
  async begin(): Promise<void> {
    const { signal } = this.#abort;
    const reason = await whyNoExport(this.file);
    if (signal.aborted) this.state.value = { state: "cancelled" };
    else if (reason !== undefined) this.state.value = { state: "refused", reason };
    else await this.run();
  }

  /** Sends the lines, from the first or from where it was. */
  async run(): Promise<void> {
    this.#abort = new AbortController();
    this.state.value = { state: "running" };
    const { signal } = this.#abort;
    const end = await ended(() => this.#sendAll(signal), signal);
    const isNoExport = end.state === "done" && holdsNothing(this.reached.peek());
    this.state.value = isNoExport ? { state: "refused", reason: messages.account.import.noLines } : end;
  }

  cancel(): void {
    this.#abort.abort();
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    const rest = this.file.slice(this.reached.peek().bytes);
    for await (const { tooLong, lines } of parcels(rest.stream())) {
      signal.throwIfAborted();
      if (tooLong) this.#reach(lines, [{ outcome: "refused", why: messages.account.import.tooLong }]);
      else await this.#sendLines(lines, signal);
      const reached = this.reached.peek();
      if (reached.lines >= TRIED && holdsNothing(reached)) return;
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
