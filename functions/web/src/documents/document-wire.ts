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

/** How long edits are gathered while others have the note open, and while nobody has. */
const TOGETHER_MS = 250;
const ALONE_MS = 2_000;

export class DocumentWire implements Wire {
  readonly #user: string;
  readonly #live: OpenNote;
  readonly #stored: Stored;
  readonly #creation: Creation;
  readonly #cursors: Cursors;

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
    return this.#cursors.hasCompany ? TOGETHER_MS : ALONE_MS;
  }
}
