// The carets in a note: this one for others, and those of others with their names.
//
// What a client says of itself counts for nothing here. The server names the sender, and the page knows the sender's name.

import { computed, effect, untracked } from "@preact/signals";
import { Awareness } from "y-protocols/awareness";
import { createID, type Doc, RelativePosition } from "yjs";
import type { OpenNote } from "../live/channel.ts";
import { others, type Presence } from "../live/presence.ts";
import type { Sender } from "../live/protocol.ts";
import { people } from "../people/on-screen.ts";
import { colorOf } from "./colors.ts";

/** The shortest time between two carets that are sent. */
const INTERVAL_MS = 1_000;

/** How long a caret is shown after the last event of its socket. The awareness removes it a little later by itself. */
const SHOWN_MS = 30_000;

/** Maximum length of a caret, as on the server. */
const MAX_LENGTH = 1_024;

/** A caret as clients send it: the ends of the selection. */
interface Cursor {
  anchor: RelativePosition;
  head: RelativePosition;
}

/** A socket of another reader. */
interface Peer {
  username: string;
  /** Its number in the awareness. */
  client: number;
  cursor: Cursor | null;
  /** Ends the time in which it is shown. */
  timer?: ReturnType<typeof setTimeout>;
  /** Stops following the name of its user. */
  stop: () => void;
}

export class Cursors {
  readonly awareness: Awareness;
  readonly #live: OpenNote;
  readonly #username: string;
  readonly #peers = new Map<string, Peer>();
  readonly #unfollow: () => void;
  #last: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #clients = 0;

  constructor(doc: Doc, live: OpenNote, username: string) {
    this.awareness = new Awareness(doc);
    this.#live = live;
    this.#username = username;
    this.awareness.on("change", (_: unknown, origin: unknown) => origin === "local" && this.#sendSoon());
    this.#unfollow = effect(() => {
      const presence = live.presence.value;
      untracked(() => this.#followPresence(presence));
    });
  }

  /** Whether others have the note open. */
  readonly company = computed(() => {
    const presence = this.#live.presence.value;
    return presence.more > 0 || others(presence, this.#username).length > 0;
  });

  get hasCompany(): boolean {
    return this.company.peek();
  }

  /** Returns this caret to send it, or undefined if nobody is there to see it. */
  take(): string | null | undefined {
    if (!this.hasCompany) return undefined;
    this.#last = this.#cursor();
    return this.#last;
  }

  /** Uses the client id that the edits of this tab have. */
  identify(client: number): void {
    this.awareness.setLocalState(null);
    this.awareness.clientID = client;
    this.awareness.setLocalState({});
  }

  /** Called when an event of another socket arrives, with its caret if the event has one. */
  receive({ socket, username }: Sender, cursor?: string | null): void {
    const known = this.#peers.get(socket);
    if (known === undefined && cursor === undefined) return;
    const peer = known ?? this.#add(socket, username);
    if (cursor !== undefined) peer.cursor = parsed(cursor);
    clearTimeout(peer.timer);
    peer.timer = setTimeout(() => this.#remove(socket), SHOWN_MS);
    this.#show(peer, people.text(username));
  }

  close(): void {
    this.#unfollow();
    if (this.#last !== null) this.#live.showCursor(null);
    for (const socket of this.#peers.keys()) this.#remove(socket);
    this.awareness.destroy();
    clearTimeout(this.#timer);
  }

  #add(socket: string, username: string): Peer {
    this.#clients += 1;
    const peer: Peer = { username, client: this.#clients, cursor: null, stop: () => {} };
    this.#peers.set(socket, peer);
    const hide = people.show(username);
    const unfollow = effect(() => {
      const name = people.text(username);
      untracked(() => this.#show(peer, name));
    });
    peer.stop = () => {
      unfollow();
      hide();
    };
    return peer;
  }

  #show({ username, client, cursor }: Peer, name: string): void {
    const { states, meta } = this.awareness;
    const changed = states.has(client) ? { added: [], updated: [client] } : { added: [client], updated: [] };
    states.set(client, { user: { name, ...colorOf(username) }, cursor });
    meta.set(client, { clock: (meta.get(client)?.clock ?? 0) + 1, lastUpdated: Date.now() });
    this.#emit({ ...changed, removed: [] });
  }

  #remove(socket: string): void {
    const peer = this.#peers.get(socket);
    if (peer === undefined) return;
    clearTimeout(peer.timer);
    peer.stop();
    this.#peers.delete(socket);
    this.awareness.meta.delete(peer.client);
    if (this.awareness.states.delete(peer.client)) this.#emit({ added: [], updated: [], removed: [peer.client] });
  }

  #emit(changes: { added: number[]; updated: number[]; removed: number[] }): void {
    this.awareness.emit("change", [changes, "remote"]);
    this.awareness.emit("update", [changes, "remote"]);
  }

  /** Removes the carets of people who have left, and shows this one to those who have come. */
  #followPresence({ people: here, more }: Presence): void {
    if (more === 0) {
      const names = new Set(here.map(({ username }) => username));
      for (const [socket, { username }] of this.#peers) if (!names.has(username)) this.#remove(socket);
    }
    this.#last = null;
    this.#sendSoon();
  }

  #sendSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const before = this.#last;
      const cursor = this.take();
      if (cursor !== undefined && cursor !== before) this.#live.showCursor(cursor);
    }, INTERVAL_MS);
  }

  #cursor(): string | null {
    const cursor: unknown = this.awareness.getLocalState()?.["cursor"];
    const text = cursor ? JSON.stringify(cursor) : null;
    return text !== null && text.length > MAX_LENGTH ? null : text;
  }
}

/** Parses a caret. Returns nothing to show if it is not one in the text. */
function parsed(text: string | null): Cursor | null {
  try {
    const { anchor, head } = JSON.parse(text ?? "null") ?? {};
    const cursor = { anchor: position(anchor), head: position(head) };
    return cursor.anchor && cursor.head ? { anchor: cursor.anchor, head: cursor.head } : null;
  } catch {
    return null;
  }
}

/** Returns a position before an item of the text, or at the end of the text. */
// biome-ignore lint/suspicious/noExplicitAny: a client may send anything
function position(json: any): RelativePosition | undefined {
  const assoc = json?.assoc === -1 ? -1 : 0;
  const { client, clock } = json?.item ?? {};
  if (isCount(client) && isCount(clock)) return new RelativePosition(null, null, createID(client, clock), assoc);
  return json?.tname === "text" ? new RelativePosition(null, "text", null, assoc) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
