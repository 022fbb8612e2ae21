// The title of an open note. It is saved a second after typing, and the last one wins.

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { OpenNote } from "../live/channel.ts";
import type { Note, NoteId } from "../note.ts";
import { Problem } from "../server/problem.ts";
import { UNTITLED } from "./create.ts";
import { saveTitle } from "./saved.ts";
import { change } from "./unsent.ts";
import { Writes } from "./writes.ts";

/** How long nothing is typed before the title is saved. */
const PAUSE_MS = 1_000;

/** The delay of the next attempt after one that did not reach the server. */
const RETRY_MS = 10_000;

/** Maximum number of characters, as on the server. */
const MAX_CHARACTERS = 200;

export type TitleError = "empty" | "too-long";

/** A title that the server has. */
type Saved = Pick<Note, "title" | "version">;

/** Returns why a title is not sent. */
export function errorOf(title: string): TitleError | undefined {
  const trimmed = title.trim();
  if (trimmed === "") return "empty";
  return [...trimmed].length > MAX_CHARACTERS ? "too-long" : undefined;
}

export class Title {
  readonly shown: ReadonlySignal<string>;
  readonly error: ReadonlySignal<TitleError | undefined>;
  readonly waiting: ReadonlySignal<boolean>;
  readonly problem = signal<Problem | undefined>(undefined);
  readonly writes = new Writes();
  readonly #user: string;
  readonly #note: NoteId;
  /** Creates the note, if it is new, with the title that is to be sent. Rejects if the title must not be sent. */
  readonly #create: () => Promise<void>;
  readonly #typed = signal<string | undefined>(undefined);
  /** The value of the field while it has the focus. */
  readonly #held = signal<string | undefined>(undefined);
  readonly #saved = signal<Saved | undefined>(undefined);
  readonly #unfollow: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt: Promise<void> | undefined;

  constructor(user: string, live: OpenNote, create: () => Promise<void>) {
    this.#user = user;
    this.#note = live.id;
    this.#create = create;
    this.shown = computed(() => this.#typed.value ?? this.#held.value ?? titleOf(this.#saved.value));
    this.waiting = computed(() => this.#typed.value !== undefined);
    this.error = computed(() => (this.#typed.value === undefined ? undefined : errorOf(this.#typed.value)));
    this.#unfollow = effect(() => {
      const reading = live.reading.value;
      if (reading.state === "shown") this.#see(reading.note);
    });
  }

  /** The title to create the note with. */
  get toSend(): string | undefined {
    const typed = this.#typed.peek();
    return typed === undefined || errorOf(typed) !== undefined ? undefined : typed;
  }

  /** Takes what was typed before the page was closed. */
  recall(title: string | undefined): void {
    if (title !== undefined) this.#typed.value ??= title;
    this.#schedule(PAUSE_MS);
  }

  type(title: string): void {
    if (this.#held.peek() !== undefined) this.#held.value = title;
    const isSaved = title === titleOf(this.#saved.peek());
    this.#typed.value = isSaved ? undefined : title;
    this.#keep();
    this.#schedule(PAUSE_MS);
  }

  hold(held: boolean): void {
    this.#held.value = held ? this.shown.peek() : undefined;
  }

  /** Sends what was typed, now. Resolves once that is done, or has failed. */
  async save(): Promise<void> {
    this.stop();
    while (this.#attempt !== undefined) await this.#attempt;
    const title = this.toSend;
    if (title === undefined) return;
    this.#attempt = this.#send(title).finally(() => (this.#attempt = undefined));
    await this.#attempt;
  }

  /** Called when the server has a title that was typed here. */
  settle(sent: string, saved?: Saved): void {
    this.problem.value = undefined;
    if (saved !== undefined) this.#see(saved);
    if (this.#typed.peek() !== sent) return;
    this.#typed.value = undefined;
    this.#keep();
  }

  /** Forgets what was typed. */
  forget(): void {
    this.stop();
    this.#typed.value = undefined;
    this.problem.value = undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    // An empty title is no text to keep.
    if (this.error.peek() === "empty") {
      this.#typed.value = undefined;
      this.#keep();
    }
    this.stop();
    this.#unfollow();
  }

  async #send(title: string): Promise<void> {
    try {
      await this.#create();
      // The note may have been created with it.
      if (this.toSend !== title) return;
      this.settle(title, await saveTitle(this.#user, this.#note, title));
    } catch (error) {
      const problem = Problem.from(error as Error);
      this.problem.value = problem;
      if (problem.passing) this.#schedule(RETRY_MS);
    }
  }

  #see(note: Saved): void {
    if (note.version >= (this.#saved.peek()?.version ?? 0)) this.#saved.value = note;
  }

  #schedule(ms: number): void {
    this.stop();
    if (this.#typed.peek() !== undefined) this.#timer = setTimeout(() => void this.save(), ms);
  }

  #keep(): void {
    const title = this.#typed.peek();
    void this.writes.add(change(this.#user, this.#note, () => ({ title })));
  }
}

/** Returns the title to show. A note without one shows the placeholder of the field. */
function titleOf(note: Saved | undefined): string {
  return note === undefined || note.title === UNTITLED ? "" : note.title;
}
