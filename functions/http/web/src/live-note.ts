// The live note: the namespace /notes, while somebody reads a note.

import { signal } from "@preact/signals";
import * as api from "./api.ts";
import { added, extended, joined, noComments, removed, renewed, type Comment } from "./comments.ts";
import { Namespace, type Refusal } from "./manager.ts";
import type { Note } from "./note.ts";
import { Problem } from "./problem.ts";
import { end, fail, isNews, show, type PushedNote, type Reading } from "./reading.ts";

const notes = new Namespace("/notes");

/** How long an acknowledgement may take before the person is told that none came. */
const ACK_TIMEOUT_MS = 10_000;

/** What the server answers to an event. */
interface Answer {
  comment?: Comment;
  /** What is wrong with each field, as it goes on after its name. */
  errors?: Record<string, string>;
  error?: { code: string; message: string };
}

/** One note, from `open` to `close`. Of all these at most one is open. */
export class LiveNote {
  readonly key: string;
  readonly reading = signal<Reading>({ state: "opening" });
  readonly comments = signal(noComments);
  /** What somebody did to the note just now, in words, for who does not see it. */
  readonly news = signal("");
  #reads = new AbortController();

  constructor(key: string) {
    this.key = key;
  }

  open(): void {
    for (const [event, listener] of this.#listeners) notes.socket.on(event, listener);
    this.#enter();
  }

  close(): void {
    this.#leave();
    for (const [event, listener] of this.#listeners) notes.socket.off(event, listener);
  }

  /** Looks again whether there is a note, where there was none. */
  reopen(): void {
    const { state } = this.reading.peek();
    if (state === "none" || state === "deleted") this.#enter();
  }

  /** Reads the note over HTTP: whatever the live connection does, and where a push had no room for the text. */
  read(awaited?: PushedNote): void {
    const { signal } = this.#reads;
    api.read(this.key, signal).then(
      (note) => {
        if (signal.aborted) return;
        if (note !== undefined) this.show(note);
        // Where it is shown, its end is pushed; this answer may be older than the note.
        else if (this.reading.peek().state !== "shown") this.#end();
      },
      (error: Error) => {
        if (!signal.aborted) this.reading.value = fail(this.reading.peek(), error.message, awaited);
      },
    );
  }

  /** Shows a note that came some other way, if it is newer. */
  show(note: Note): void {
    const before = this.reading.peek();
    this.reading.value = show(before, note);
    if (before.state !== "shown" || before === this.reading.peek()) return;
    this.news.value = `${note.editor} changed this note.`;
    // Another note under the same key has other comments, and a room of readers who know that.
    if (before.note.created !== note.created) {
      this.#leave();
      this.#enter();
    }
  }

  async readOlderComments(): Promise<void> {
    const { cursor } = this.comments.peek();
    if (cursor === undefined) return;
    const page = await api.comments(this.key, cursor);
    this.comments.value = extended(this.comments.peek(), cursor, page);
  }

  /** Throws a Problem where the comment was not written. */
  async createComment(message: string): Promise<void> {
    const { comment } = await this.#ask("create-message", { message });
    if (comment !== undefined) this.#add(comment);
  }

  async deleteComment(id: string): Promise<void> {
    await this.#ask("delete-message", { id });
    this.comments.value = removed(this.comments.peek(), id);
  }

  #enter(): void {
    this.#reads = new AbortController();
    this.comments.value = noComments;
    notes.enter({ key: this.key });
    this.read();
  }

  #leave(): void {
    this.#reads.abort();
    notes.leave();
  }

  #end(): void {
    this.#leave();
    this.reading.value = end(this.reading.peek());
  }

  #add(comment: Comment): void {
    this.comments.value = added(this.comments.peek(), comment);
  }

  async #ask(event: string, payload: unknown): Promise<Answer> {
    // The client would keep it until it is connected again, perhaps to another note.
    if (!notes.socket.connected) throw Problem.unreachable();
    let answer: Answer;
    try {
      answer = await notes.socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
    } catch {
      throw Problem.unreachable();
    }
    if (answer.errors) throw Problem.ofFields(answer.errors);
    if (answer.error) throw new Problem(0, answer.error.message);
    return answer;
  }

  /** A push to the room of a note that was left may still arrive: each says whose it is. */
  readonly #listeners: [string, (payload: any) => void][] = [
    ["connect", () => (this.comments.value = joined(this.comments.peek()))],
    [
      "connect_error",
      (error: Refusal) => {
        if (error.data?.code === "no-such-note" || error.data?.code === "invalid-key") this.#end();
      },
    ],
    [
      "noteupdated",
      ({ note }: { note: PushedNote }) => {
        if (note.key !== this.key || !isNews(this.reading.peek(), note)) return;
        if (note.body === undefined) this.read(note);
        else this.show({ ...note, body: note.body });
      },
    ],
    [
      "notedestroyed",
      ({ key }: { key: string }) => {
        if (key === this.key) this.#end();
      },
    ],
    [
      "messages",
      ({ messages, cursor }: { messages: Comment[]; cursor?: string }) => {
        if (messages.every(({ key }) => key === this.key)) {
          this.comments.value = renewed(this.comments.peek(), messages, cursor);
        }
      },
    ],
    [
      "newmessage",
      ({ message }: { message: Comment }) => {
        if (message.key !== this.key) return;
        this.#add(message);
        this.news.value = `New comment by ${message.author}: ${message.message}`;
      },
    ],
    [
      "destroymessage",
      ({ id }: { id: string }) => {
        const gone = this.comments.peek().shown.find((comment) => comment.id === id);
        this.comments.value = removed(this.comments.peek(), id);
        if (gone) this.news.value = `A comment by ${gone.author} was deleted.`;
      },
    ],
  ];
}
