// Sends the edits of an open document. Each one is in the database from the moment it was made until the server has it.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { Problem } from "../server/problem.ts";
import { deliver } from "./delivery.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { type Edit, newEditLike, put, replace } from "./unsent.ts";
import { Writes } from "./writes.ts";

/** The delay of the next attempt after one that did not reach the server. */
const RETRY_MS = 10_000;

/** The number of edits that are merged after a failed attempt, so that a long time without a connection leaves few. */
const MANY = 100;

/** How the edits of a document are sent. */
export interface Wire {
  /** Returns the id of the document. Creates the note if it is new. */
  document(): Promise<string>;
  /** Sends an update. `leaving` if the page may be closed before the response. */
  send(document: string, update: Uint8Array, leaving: boolean): Promise<void>;
  /** Called after the server has stored edits. Resolves once they are deleted from the database. */
  acknowledged(document: string, piece: Piece): Promise<void>;
  /** Returns what edits change, without the characters that they insert and delete again. */
  shorten(edits: readonly Edit[]): Uint8Array;
  /** Returns how long to gather edits, in milliseconds. */
  pause(): number;
}

export class Outgoing {
  /** Whether there are edits that the server has not acknowledged. */
  readonly waiting: ReadonlySignal<boolean>;
  /** The reason why they are not sent, after a failed attempt. */
  readonly problem = signal<Problem | undefined>(undefined);
  readonly writes = new Writes();
  readonly #wire: Wire;
  readonly #edits = signal<readonly Edit[]>([]);
  /** Edits of other tabs, on which those of this tab may depend. */
  #others: readonly Edit[] = [];
  readonly #sending = new Set<Edit>();
  /** Edits that are being written to the database. */
  readonly #writes = new Map<Edit, Promise<void>>();
  readonly #attempts = new Set<Promise<void>>();
  /** Deletions of acknowledged edits from the database. */
  readonly #deletions = new Set<Promise<void>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.waiting = computed(() => this.#edits.value.length > 0);
  }

  /** Takes an edit that was made just now. */
  add(edit: Edit): void {
    const written = this.writes.add(put(edit)).then(() => void this.#writes.delete(edit));
    this.#writes.set(edit, written);
    this.#edits.value = [...this.#edits.peek(), edit];
    this.#sendIn(this.#wire.pause());
  }

  /** Takes edits from the database, which another tab made or an earlier visit. */
  recall(edits: readonly Edit[]): void {
    this.#edits.value = [...edits, ...this.#edits.peek()];
    if (edits.length > 0) this.#sendIn(this.#wire.pause());
  }

  /** Takes an edit that another tab has made and will send. It is sent with the next one of this tab, which may depend on it. */
  follow(edit: Edit): void {
    this.#others = [...this.#others, edit];
  }

  /** Forgets edits of other tabs that the server has stored, by their keys. Returns them. */
  forgetOthers(stored: ReadonlySet<string>): Edit[] {
    const isStored = ({ key }: Edit) => stored.has(String(key));
    const forgotten = this.#others.filter(isStored);
    this.#others = this.#others.filter((edit) => !isStored(edit));
    return forgotten;
  }

  /**
   * Sends all edits that are not being sent already, or really all of them before the page is closed. Resolves once that is
   * done, or has failed.
   */
  async send(leaving = false): Promise<void> {
    this.stop();
    const edits = this.#edits.peek().filter((edit) => leaving || !this.#sending.has(edit));
    if (edits.length > 0) track(this.#attempts, this.#attempt([...this.#others, ...edits], leaving));
    while (this.#attempts.size > 0) await Promise.all(this.#attempts);
  }

  /** Resolves once acknowledged edits are deleted from the database. */
  async settled(): Promise<void> {
    while (this.#deletions.size > 0) await Promise.all(this.#deletions);
  }

  /** Ends the wait for the next attempt. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Forgets all edits. They stay in the database. */
  forget(): void {
    this.stop();
    this.#others = [];
    this.#edits.value = [];
    this.problem.value = undefined;
  }

  async #attempt(edits: readonly Edit[], leaving: boolean): Promise<void> {
    for (const edit of edits) this.#sending.add(edit);
    try {
      if (!leaving) await Promise.all(edits.map((edit) => this.#writes.get(edit)));
      const document = await this.#wire.document();
      const send = (update: Uint8Array) => this.#wire.send(document, update, leaving);
      await deliver(edits, send, (piece) => this.#acknowledge(document, piece));
      this.problem.value = undefined;
    } catch (error) {
      this.#fail(Problem.from(error as Error));
    } finally {
      for (const edit of edits) this.#sending.delete(edit);
    }
  }

  #acknowledge(document: string, piece: Piece): void {
    const sent = new Set(piece.edits);
    this.#edits.value = this.#edits.peek().filter((edit) => !sent.has(edit));
    this.#others = this.#others.filter((edit) => !sent.has(edit));
    track(this.#deletions, this.#wire.acknowledged(document, piece));
  }

  #fail(problem: Problem): void {
    this.problem.value = problem;
    if (problem.code === "too-large") return this.#shorten();
    if (!problem.passing) return;
    this.#merge();
    this.#sendIn(problem.retryAfter === undefined ? RETRY_MS : problem.retryAfter * 1000);
  }

  /** Merges many edits into few. */
  #merge(): void {
    const edits = this.#edits.peek().filter((edit) => !this.#writes.has(edit));
    if (edits.length < MANY) return;
    for (const { edits: merged, update } of piecesOf(edits)) this.#replace(merged, update);
  }

  /** Leaves out what was deleted again, which may be what made the text too long. Then tries once more. */
  #shorten(): void {
    const edits = this.#edits.peek();
    if (edits.length < 2) return;
    this.#replace(edits, this.#wire.shorten(edits));
    this.#sendIn(0);
  }

  /** Replaces edits by one, here and in the database. */
  #replace(edits: readonly Edit[], update: Uint8Array): void {
    const edit = newEditLike(edits[0]!, update);
    track(this.#deletions, replace(edits, edit));
    const replaced = new Set(edits);
    this.#edits.value = [edit, ...this.#edits.peek().filter((other) => !replaced.has(other))];
  }

  #sendIn(ms: number): void {
    this.#timer ??= setTimeout(() => void this.send(), ms);
  }
}

function track(all: Set<Promise<void>>, one: Promise<void>): void {
  all.add(one);
  void one.finally(() => all.delete(one));
}
