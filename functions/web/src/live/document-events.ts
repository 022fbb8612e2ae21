// The events of a note's document, for the editor of a tab. The editor is loaded later than the note, so the first events wait.

import type { DocumentEvent } from "./protocol.ts";

/** Maximum number of events that wait. Beyond that, the editor reads the document over HTTP. */
const MAX_WAITING = 100;

export class DocumentEvents {
  #listener: ((event: DocumentEvent) => void) | undefined;
  /** The event `document`, and edits after it. Without the former, the others are not enough. */
  #waiting: DocumentEvent[] = [];
  /** The last caret of each socket. Its owner may not move it again for a while. */
  readonly #carets = new Map<string, DocumentEvent>();

  /** Delivers events to a listener. Returns whether the event `document` had arrived already. */
  listen(listener: ((event: DocumentEvent) => void) | undefined): boolean {
    this.#listener = listener;
    if (listener === undefined) return false;
    const [events, carets] = [this.#waiting, [...this.#carets.values()]];
    this.clear();
    [...events, ...carets].forEach(listener);
    return events.length > 0;
  }

  receive(event: DocumentEvent): void {
    if (this.#listener !== undefined) return this.#listener(event);
    if (event.kind === "document") {
      this.#waiting = [event];
      return;
    }
    const { from, cursor } = event;
    if (from !== undefined && cursor !== undefined) this.#keepCaret({ kind: "cursor", from, cursor });
    if (event.kind === "edit" && this.#waiting.length > 0) this.#wait(event);
  }

  /** Forgets what waits, after the note was closed. */
  clear(): void {
    this.#waiting = [];
    this.#carets.clear();
  }

  #keepCaret(event: DocumentEvent & { kind: "cursor" }): void {
    const { socket } = event.from;
    if (this.#carets.size < MAX_WAITING || this.#carets.has(socket)) this.#carets.set(socket, event);
  }

  #wait(edit: DocumentEvent): void {
    this.#waiting.push(edit);
    if (this.#waiting.length > MAX_WAITING) this.#waiting = [{ kind: "document" }];
  }
}
