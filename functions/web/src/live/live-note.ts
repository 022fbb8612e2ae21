// A live note: the namespace /notes, while some page has the note open.

import { signal } from "@preact/signals-core";
import * as kept from "../kept/kept.ts";
import { messages } from "../messages.ts";
import type { Note } from "../note.ts";
import * as api from "../server/api.ts";
import { Problem } from "../server/problem.ts";
import { wellFormed } from "../well-formed.ts";
import { added, type Comment, extended, joined, noComments, polled, removed, renewed } from "./comments.ts";
import type { Member, Namespace } from "./namespace.ts";
import { Polling } from "./polling.ts";
import { later, nobody, type Presence } from "./presence.ts";
import type { Wish } from "./protocol.ts";
import { end, fail, isNews, type PushedNote, type Reading, recall, show } from "./reading.ts";

/** How long a request waits for the note to be joined. */
const JOIN_TIMEOUT_MS = 5_000;

/** How long an acknowledgement may take before the person is told that none came. */
const ACK_TIMEOUT_MS = 10_000;

/** What the server answers to an event. */
interface Answer {
  comment?: Comment;
  /** What is wrong with each field, as it goes on after its name. */
  errors?: Record<string, string>;
  error?: { code: string; message: string };
}

/** One note, from `open` to `close`. A namespace carries one at a time. */
export class LiveNote {
  readonly key: string;
  readonly reading = signal<Reading>({ state: "opening" });
  readonly comments = signal(noComments);
  readonly presence = signal(nobody);
  readonly news = signal("");
  readonly #notes: Namespace;
  readonly #polling = new Polling((signal) => this.#poll(signal));
  readonly #member: Member = {
    joined: () => {
      this.#polling.stop();
      this.comments.value = joined(this.comments.peek());
    },
    lost: () => {
      this.presence.value = nobody;
      this.#polling.start();
    },
    failed: () => this.#polling.hurry(),
    refused: (code) => {
      // Whether there is a session, the list's namespace says.
      if (code !== "unauthenticated") this.#doubt();
    },
    received: (event, payload) => this.#listeners[event]?.(payload),
  };
  #reads = new AbortController();

  constructor(key: string, notes: Namespace) {
    this.key = key;
    this.#notes = notes;
  }

  open(): void {
    this.#enter();
  }

  close(): void {
    this.#leave();
  }

  /** Looks anew: for a note where there was none, and how it stands where that could not be read. */
  look(): void {
    const reading = this.reading.peek();
    if (reading.state === "none" || reading.state === "deleted") this.#enter();
    else if (reading.state === "failed" || (reading.state === "shown" && reading.doubt !== undefined))
      void this.#read();
  }

  /** Does what somebody asked for. Throws a Problem where it was not done. */
  async fulfil(wish: Wish): Promise<void> {
    switch (wish.wish) {
      case "create-comment": {
        const { comment } = await this.#ask("create-message", { message: wish.message, idempotencyKey: wish.id });
        if (comment !== undefined) this.#add(comment);
        return;
      }
      case "delete-comment":
        await this.#ask("delete-message", { id: wish.id });
        this.comments.value = removed(this.comments.peek(), wish.id);
        return;
      case "read-older-comments": {
        const { cursor } = this.comments.peek();
        if (cursor === undefined) return;
        this.comments.value = extended(this.comments.peek(), cursor, await api.comments(this.key, cursor));
      }
    }
  }

  #enter(): void {
    this.#reads = new AbortController();
    this.comments.value = noComments;
    this.presence.value = nobody;
    this.#notes.enter({ key: this.key }, this.#member);
    this.#polling.start();
    this.#recall();
    void this.#read();
  }

  #leave(): void {
    this.#reads.abort();
    this.#polling.stop();
    this.#notes.leave();
  }

  /** Shows what was kept of the note until it was read anew. */
  #recall(): void {
    const { signal } = this.#reads;
    void kept.note(this.key).then((note) => {
      if (note !== undefined && !signal.aborted) this.reading.value = recall(this.reading.peek(), note);
    });
  }

  /**
   * Reads the note over HTTP: whatever the live connection does, and where a push had no room for the text. Returns
   * whether there was an answer.
   */
  async #read(awaited?: PushedNote): Promise<boolean> {
    const { signal } = this.#reads;
    const before = this.reading.peek();
    try {
      const note = await api.read(this.key, signal);
      if (signal.aborted) return true;
      if (note !== undefined) this.#show(note);
      else {
        // A note that came after the request is newer than the response, unless this browser kept it.
        const reading = this.reading.peek();
        if (reading === before || reading.state !== "shown" || reading.doubt !== undefined) this.#end();
      }
      return true;
    } catch (error) {
      if (!signal.aborted) this.reading.value = fail(this.reading.peek(), (error as Error).message, awaited);
      return false;
    }
  }

  /** Reads the note and its newest comments. */
  async #poll(signal: AbortSignal): Promise<void> {
    if (!(await this.#read())) throw Problem.unreachable();
    if (signal.aborted) return;
    const page = await api.comments(this.key, undefined, signal);
    if (!signal.aborted) this.comments.value = polled(this.comments.peek(), page);
  }

  /** Another way to ask whether there is the note, which says why there is none. */
  #doubt(): void {
    const { signal } = this.#reads;
    api.read(this.key, signal).then(
      (note) => {
        if (signal.aborted) return;
        if (note === undefined) return this.#end();
        this.#show(note);
        this.#notes.enter({ key: this.key }, this.#member);
      },
      (error: Error) => {
        if (!signal.aborted) this.reading.value = fail(this.reading.peek(), error.message);
      },
    );
  }

  /** Shows a note, if it is newer. */
  #show(note: Note): void {
    const before = this.reading.peek();
    this.reading.value = show(before, note);
    if (before === this.reading.peek()) return;
    void kept.keepNote(note);
    if (before.state !== "shown" || !isNews(before, note)) return;
    const isAnother = before.note.created !== note.created;
    const { editor, importer } = note;
    this.news.value =
      isAnother && importer !== undefined ? messages.note.newlyImported(importer) : messages.note.changedBy(editor);
    // Another note under the same key has other comments, and a room of readers who know that.
    if (isAnother) {
      this.#leave();
      this.#enter();
    }
  }

  #end(): void {
    this.#leave();
    this.reading.value = end(this.reading.peek());
    this.presence.value = nobody;
    void kept.dropNote(this.key);
  }

  #add(comment: Comment): void {
    this.comments.value = added(this.comments.peek(), comment);
  }

  async #ask(event: string, payload: unknown): Promise<Answer> {
    // A note that was just opened is shown before it is joined.
    const { signal } = this.#reads;
    await this.#notes.whenJoined(JOIN_TIMEOUT_MS);
    // The client would keep it until it is connected again, perhaps to another note.
    if (signal.aborted || !this.#notes.isJoined) throw Problem.notLive();
    let answer: Answer;
    try {
      answer = (await this.#notes.ask(event, wellFormed(payload), ACK_TIMEOUT_MS)) as Answer;
    } catch {
      throw Problem.unreachable();
    }
    if (answer.errors) throw Problem.ofFields(answer.errors);
    if (answer.error) throw new Problem(0, answer.error.message);
    return answer;
  }

  /** A push to the room of a note that was left may still arrive: each says whose it is. */
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own payload
  readonly #listeners: Record<string, (payload: any) => void> = {
    noteupdated: ({ note }: { note: PushedNote }) => {
      const reading = this.reading.peek();
      if (note.key !== this.key || !(isNews(reading, note) || (reading.state === "shown" && reading.doubt))) return;
      if (note.body === undefined) void this.#read(note);
      else this.#show({ ...note, body: note.body });
    },
    notedestroyed: ({ key }: { key: string }) => {
      if (key === this.key) this.#end();
    },
    presence: ({ key, ...presence }: Presence & { key: string }) => {
      if (key === this.key) this.presence.value = later(this.presence.peek(), presence);
    },
    messages: ({ messages, cursor }: { messages: Comment[]; cursor?: string }) => {
      if (messages.every(({ key }) => key === this.key)) {
        this.comments.value = renewed(this.comments.peek(), messages, cursor);
      }
    },
    newmessage: ({ message }: { message: Comment }) => {
      if (message.key !== this.key) return;
      this.#add(message);
      this.news.value = messages.comments.newBy(message.author, message.message, message.importer);
    },
    destroymessage: ({ id }: { id: string }) => {
      const gone = this.comments.peek().shown.find((comment) => comment.id === id);
      this.comments.value = removed(this.comments.peek(), id);
      if (gone) this.news.value = messages.comments.deletedOf(gone.author);
    },
  };
}
