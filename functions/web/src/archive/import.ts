// An import of a file, batch by batch. Repeating it is harmless, because the server skips existing notes and comments.

import { signal } from "@preact/signals";
import { messages } from "../messages.ts";
import type { Imported } from "../server/archive.ts";
import { batches, type Line } from "./batches.ts";
import { retryTransient, type Wait } from "./retry.ts";
import { ended, type State } from "./transfer.ts";
import { validateExport } from "./validate.ts";

/** Maximum number of rejected lines that are listed with their reasons. */
export const MAX_REASONS = 100;

export interface Refused {
  /** Its number in the file. */
  line: number;
  key: string | undefined;
  reason: string;
}

/** The progress of an import. */
export interface Progress {
  bytes: number;
  /** Number of lines of the file, including blank ones. */
  lines: number;
  created: number;
  skipped: number;
  refused: number;
  /** The first rejected lines. */
  rejections: readonly Refused[];
}

export const nothing: Progress = { bytes: 0, lines: 0, created: 0, skipped: 0, refused: 0, rejections: [] };

/** Returns the progress after the outcomes of the next lines. */
export function advance(progress: Progress, lines: readonly Line[], outcomes: readonly Imported[]): Progress {
  const next = { ...progress, rejections: [...progress.rejections] };
  outcomes.slice(0, lines.length).forEach(({ outcome, key, why: reason = "" }, at) => {
    next.bytes += lines[at]!.bytes;
    next.lines += lines[at]!.lines;
    next[outcome] += 1;
    if (outcome === "refused" && next.rejections.length < MAX_REASONS)
      next.rejections.push({ line: next.lines, key, reason });
  });
  return next;
}

/** Number of lines that are sent before a file counts as no export. */
const TRIED = 1_000;

/** Returns whether no line so far was a note or a comment, not even a rejected one. */
function holdsNothing({ created, skipped, rejections }: Progress): boolean {
  return created + skipped === 0 && rejections.every(({ key }) => key === undefined);
}

type Send = (lines: Blob, signal: AbortSignal) => Promise<Imported[]>;

export class Import {
  readonly state = signal<State>({ state: "running" });
  readonly progress = signal(nothing);
  readonly file: File;
  readonly #send: Send;
  readonly #wait: Wait;
  #abort = new AbortController();

  constructor(file: File, send: Send, wait: Wait) {
    this.file = file;
    this.#send = send;
    this.#wait = wait;
  }

  /** Starts the import, unless the file is not an export. */
  async begin(): Promise<void> {
    const { signal } = this.#abort;
    const reason = await validateExport(this.file);
    if (signal.aborted) this.state.value = { state: "cancelled" };
    else if (reason !== undefined) this.state.value = { state: "refused", reason };
    else await this.run();
  }

  /** Sends the lines, from the first or from where the import stopped. */
  async run(): Promise<void> {
    this.#abort = new AbortController();
    this.state.value = { state: "running" };
    const { signal } = this.#abort;
    const end = await ended(() => this.#sendAll(signal), signal);
    const isNoExport = end.state === "done" && holdsNothing(this.progress.peek());
    this.state.value = isNoExport ? { state: "refused", reason: messages.account.import.noLines } : end;
  }

  cancel(): void {
    this.#abort.abort();
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    const rest = this.file.slice(this.progress.peek().bytes);
    for await (const { tooLong, lines } of batches(rest.stream())) {
      signal.throwIfAborted();
      if (tooLong) this.#advance(lines, [{ outcome: "refused", why: messages.account.import.tooLong }]);
      else await this.#sendLines(lines, signal);
      const progress = this.progress.peek();
      if (progress.lines >= TRIED && holdsNothing(progress)) return;
    }
  }

  /** Sends lines, and sends again those that the server had no time for. */
  async #sendLines(lines: Line[], signal: AbortSignal): Promise<void> {
    for (let remaining = lines; remaining.length > 0; ) {
      const batch = new Blob(remaining.flatMap(({ pieces }) => pieces));
      const outcomes = await retryTransient(() => this.#send(batch, signal), signal, this.#wait);
      signal.throwIfAborted();
      this.#advance(remaining, outcomes);
      remaining = remaining.slice(outcomes.length);
    }
  }

  #advance(lines: readonly Line[], outcomes: readonly Imported[]): void {
    this.progress.value = advance(this.progress.peek(), lines, outcomes);
  }
}
