// How the edits of an open document reach the server: over the live connection while the room of the note is joined, or over
// HTTP.

import type { OpenNote } from "../live/channel.ts";
import { sendEdits } from "../server/documents.ts";
import type { Creation } from "./creation.ts";
import type { Cursors } from "./cursors.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import type { Wire } from "./outgoing.ts";
import type { Piece } from "./pieces.ts";
import type { Stored } from "./stored.ts";
import { tell } from "./tabs.ts";
import { type Edit, remove } from "./unsent.ts";

/** How long edits are gathered while others have the note open. */
const TOGETHER_MS = 250;

/**
 * How long edits are gathered while nobody else has it open: at first, and at most. The time doubles while somebody goes on
 * writing, since each edit costs a merge (`cargo run -- bill --users 1000`), and begins again after a rest. Nobody waits for
 * them, and they are in the database. They are sent at once when somebody comes, and when the page is hidden or closed.
 */
const ALONE_MS = 2_000;
const MOST_ALONE_MS = 30_000;
const REST_MS = 60_000;

export class DocumentWire implements Wire {
  readonly #user: string;
  readonly #live: OpenNote;
  readonly #stored: Stored;
  readonly #creation: Creation;
  readonly #cursors: Cursors;
  #alone = ALONE_MS;
  /** When an edit was sent last, in milliseconds. */
  #sent = 0;

  constructor(user: string, live: OpenNote, stored: Stored, creation: Creation, cursors: Cursors) {
    this.#user = user;
    this.#live = live;
    this.#stored = stored;
    this.#creation = creation;
    this.#cursors = cursors;
  }

  document(): Promise<string> {
    return this.#creation.finish();
  }

  async send(document: string, update: Uint8Array, leaving: boolean): Promise<void> {
    const isLive = this.#live.document.peek() === document && update.length <= MAX_FRAME_BYTES && !leaving;
    if (!isLive) return sendEdits(this.#live.id, document, update);
    this.#alone = Math.min(2 * this.#alone, MOST_ALONE_MS);
    this.#sent = Date.now();
    await this.#live.request({ kind: "edit", document, update, cursor: this.#cursors.take() });
  }

  async acknowledged(document: string, { edits, update }: Piece): Promise<void> {
    this.#stored.add(update);
    tell({ kind: "stored", user: this.#user, note: this.#live.id, edits: edits.map(({ key }) => key) });
    await this.#stored.keep(document);
    await remove(edits);
    await this.#creation.forget();
  }

  shorten(edits: readonly Edit[]): Uint8Array {
    return this.#stored.shorten(edits.map(({ update }) => update));
  }

  pause(): number {
    if (this.#cursors.hasCompany) return TOGETHER_MS;
    if (Date.now() - this.#sent > REST_MS) this.#alone = ALONE_MS;
    return this.#alone;
  }
}
