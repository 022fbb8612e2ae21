// Saves what is written, by itself: a moment after the typing stops, on leaving, and when the server can be reached again.

import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { connection } from "../live/channel.ts";
import type { Draft, Note } from "../note.ts";
import * as api from "../server/api.ts";
import { Problem } from "../server/problem.ts";
import { Kept, type Place } from "./drafts.ts";
import { type Editing, follow, isUnsaved, lose, overwrite, settle } from "./editing.ts";

/** How long nothing is typed before it is saved. */
const PAUSE_MS = 1_000;

/** How long until an attempt is repeated that failed for a reason that may pass. */
const RETRY_MS = 10_000;

export type Saving =
  /** Nothing is written yet. */
  | "blank"
  | "saved"
  | "unsaved"
  | "saving"
  /** It is kept here until the server can be reached. */
  | "offline"
  /** A note has to have a title. */
  | "untitled"
  /** The person has to do something first: about a conflict, or what the server refuses. */
  | "stopped";

export class Pen {
  readonly editing: Signal<Editing>;
  readonly problem = signal<Problem | undefined>(undefined);
  readonly saving: ReadonlySignal<Saving>;
  /** Whether this was begun before, and left without saving. */
  readonly resumed: boolean;
  /** Whether its view was left: then it goes once there is nothing to save. */
  readonly left = signal(false);
  readonly place: Place;
  readonly #kept: Kept<Editing>;
  readonly #busy = signal(false);
  readonly #done: (pen: Pen) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt: Promise<void> | undefined;
  readonly #unfollow: () => void;
  /** Whether it was dropped or laid down: another person may be signed in by now. */
  #stopped = false;
  /** What was put together from two texts wants to be looked over: until then it does not save itself. */
  #unread = false;

  constructor(author: string, editing: Editing, resumed: boolean, done: (pen: Pen) => void) {
    this.editing = signal(editing);
    this.resumed = resumed;
    this.#done = done;
    this.place = [author, "edit", editing.id];
    this.#kept = new Kept(this.place);
    this.saving = computed(() => this.#state());
    if (isUnsaved(editing)) this.#kept.keep(editing);
    // What could not be sent is sent when the connection is back.
    this.#unfollow = effect(() => {
      if (connection.value === "connected" && this.problem.peek()?.passing) this.saveByItself();
    });
  }

  type(part: Partial<Draft>): void {
    const editing = this.editing.peek();
    this.problem.value = undefined;
    this.#change({ ...editing, draft: { ...editing.draft, ...part } });
    this.#schedule(PAUSE_MS);
  }

  /** Saves what there is to save, now. Resolves once that is done, or has failed. */
  async save(): Promise<void> {
    this.#unread = false;
    clearTimeout(this.#timer);
    while (this.#attempt !== undefined) await this.#attempt;
    if (!this.#saveable()) return;
    this.#attempt = this.#write().finally(() => (this.#attempt = undefined));
    await this.#attempt;
  }

  /** The same, where nobody asked for it. */
  saveByItself(): void {
    if (!this.#unread) void this.save();
  }

  /** Saves over what stands in the way: the person's choice. */
  async overwrite(): Promise<void> {
    const editing = this.editing.peek();
    this.#change(overwrite(editing, editing.draft));
    await this.save();
  }

  /** Goes on with what was put together from both texts. */
  goOnWith(together: Draft): void {
    this.#unread = true;
    this.#change(overwrite(this.editing.peek(), together));
  }

  /** After the note was seen at some version. */
  follow(note: Note): void {
    if (this.#attempt === undefined) this.#change(follow(this.editing.peek(), note));
  }

  /** After the note was seen to be gone. */
  lose(): void {
    if (this.#attempt === undefined) this.#change(lose(this.editing.peek()));
  }

  /** The person has left its view: what is not saved is saved behind their back. */
  leave(): void {
    this.left.value = true;
    if (isUnsaved(this.editing.peek())) this.saveByItself();
    else this.drop();
  }

  /** Forgets it, saved or not. */
  drop(): void {
    this.#stop();
    this.#kept.drop();
    this.#done(this);
  }

  /** Leaves it as it is, for its author to find when they are back. */
  layDown(): void {
    this.#stop();
    this.#kept.release();
    this.#done(this);
  }

  #stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unfollow();
  }

  #state(): Saving {
    const editing = this.editing.value;
    if (this.#busy.value) return "saving";
    if (editing.obstacle !== undefined) return "stopped";
    if (!isUnsaved(editing)) return editing.base === undefined ? "blank" : "saved";
    if (this.problem.value !== undefined) return this.problem.value.passing ? "offline" : "stopped";
    return editing.draft.title.trim() === "" ? "untitled" : "unsaved";
  }

  #saveable(): boolean {
    const editing = this.editing.peek();
    return isUnsaved(editing) && editing.obstacle === undefined && editing.draft.title.trim() !== "";
  }

  async #write(): Promise<void> {
    const { base, draft, ...id } = this.editing.peek();
    this.#busy.value = true;
    try {
      const outcome = await api.write(id, base?.version, draft);
      this.problem.value = undefined;
      this.#change(settle(this.editing.peek(), draft, outcome));
      // What was typed meanwhile.
      if (this.#saveable()) this.#schedule(PAUSE_MS);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem.value = error;
      if (error.passing) this.#schedule(RETRY_MS);
    } finally {
      this.#busy.value = false;
    }
    if (this.left.peek() && !isUnsaved(this.editing.peek())) this.drop();
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.saveByItself(), ms);
  }

  #change(next: Editing): void {
    if (next === this.editing.peek()) return;
    this.editing.value = next;
    if (isUnsaved(next) || next.obstacle !== undefined) this.#kept.keep(next);
    else this.#kept.drop();
  }
}
