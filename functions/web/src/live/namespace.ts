// A Socket.IO namespace, on a connection that may carry several.

import { Manager, type Socket } from "socket.io-client";

/** The data of a refusal, in addition to its message. */
interface Refusal extends Error {
  data?: { code?: string };
}

/** The codes of permanent refusals. */
const FINAL = ["unauthenticated", "invalid-key", "no-such-note", "no-such-board"];

const RETRY_MS = 5_000;

/** How long the server may take to respond to a request to join. */
const ANSWER_MS = 20_000;

/**
 * How long a page waits after the server disconnected it as the oldest of too many connections of its session. If it
 * reconnected at once, it would displace the next one, which would do the same.
 */
const AWAY_MS = 60_000;

/** A connection. It opens when its first namespace is entered, and closes when the last is left. */
export function connect(): Manager {
  return new Manager({ path: "/socket.io/", transports: ["websocket"], autoConnect: false });
}

/** A member of a namespace, with handlers of its events. */
export interface Member {
  joined(): void;
  /** The connection broke. The namespace is joined again automatically. */
  lost(): void;
  /** An attempt to connect or to join failed. It is retried. */
  failed(): void;
  /** The server refuses permanently. */
  refused(code: string): void;
  received(event: string, payload: unknown): void;
}

/** A request to join. */
interface Wish {
  /** Returns the data of each request. */
  auth: () => object;
  member: Member;
}

/**
 * A namespace that the browser is in from `enter` to `leave`, even if the connection breaks in between.
 *
 * Only one request to join is pending at a time. The client cannot leave before the server responds: it sends no
 * DISCONNECT for a socket that is not connected, and the server would keep the socket in the room. So a member that leaves
 * early leaves when the response arrives.
 */
export class Namespace {
  readonly #socket: Socket;
  readonly #connection: Manager;
  /** The wanted membership, or nothing to stay out of the namespace. */
  #wanted: Wish | undefined;
  /** The pending request to join. */
  #asked: { wish: Wish | undefined; timer: ReturnType<typeof setTimeout> } | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Manager, name: string) {
    this.#connection = connection;
    this.#socket = connection.socket(name);
    // The client calls this for every request to join, after a reconnection too.
    this.#socket.auth = (send) => this.#ask(send);
    this.#socket.on("connect", () => this.#onJoined());
    this.#socket.on("connect_error", (error: Refusal) => this.#onError(error));
    this.#socket.on("disconnect", (reason) => this.#onDisconnect(reason));
    this.#socket.onAny((event: string, payload: unknown) => this.#onEvent(event, payload));
  }

  /** Returns whether events reach the server now. */
  get isJoined(): boolean {
    return this.#socket.connected;
  }

  /** Resolves once events reach the server, or after `timeoutMs`. */
  whenJoined(timeoutMs: number): Promise<void> {
    if (this.isJoined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#socket.once("connect", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Joins, and replaces the previous member. */
  enter(auth: () => object, member: Member): void {
    this.leave();
    this.#wanted = { auth, member };
    if (this.#asked === undefined) this.#socket.connect();
  }

  leave(): void {
    this.#wanted = undefined;
    clearTimeout(this.#retry);
    if (this.#asked === undefined) this.#socket.disconnect();
  }

  /** Sends an event. Resolves to its acknowledgement; rejects if none comes in time. */
  ask(event: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    return this.#socket.timeout(timeoutMs).emitWithAck(event, payload);
  }

  /** Sends an event without an acknowledgement. It is dropped if it cannot be sent now. */
  send(event: string, payload: unknown): void {
    if (this.isJoined) this.#socket.volatile.emit(event, payload);
  }

  /**
   * Gives up the connection, which may be dead unnoticed, or another user's. It closes once all of
   * its namespaces are suspended. With `resume` there is another.
   */
  suspend(): void {
    clearTimeout(this.#retry);
    this.#settle();
    this.#socket.disconnect();
  }

  resume(): void {
    if (this.#wanted !== undefined) this.#socket.connect();
  }

  #ask(send: (auth: object) => void): void {
    this.#settle();
    this.#asked = { wish: this.#wanted, timer: setTimeout(() => this.#onSilence(), ANSWER_MS) };
    send(this.#wanted?.auth() ?? {});
  }

  /** Ends the pending request. Returns whether it was for the wanted membership. */
  #settle(): boolean {
    const asked = this.#asked;
    this.#asked = undefined;
    clearTimeout(asked?.timer);
    return this.#wanted !== undefined && asked?.wish === this.#wanted;
  }

  #onJoined(): void {
    if (this.#settle()) this.#wanted?.member.joined();
    else this.#begin();
  }

  #onError(error: Refusal): void {
    // The client gives up after a refusal, but retries a failed connection.
    if (this.#socket.active) return this.#wanted?.member.failed();
    if (!this.#settle()) return this.#begin();
    const code = error.data?.code ?? "";
    if (FINAL.includes(code)) return this.#wanted?.member.refused(code);
    this.#wanted?.member.failed();
    this.#retry = setTimeout(() => this.#socket.connect(), RETRY_MS);
  }

  #onDisconnect(reason: string): void {
    if (reason === "io client disconnect") return;
    this.#settle();
    if (this.#wanted === undefined) this.#socket.disconnect();
    else {
      this.#wanted.member.lost();
      // The client reconnects by itself, unless the server disconnected it.
      if (!this.#socket.active) this.#retry = setTimeout(() => this.#socket.connect(), AWAY_MS);
    }
  }

  /** Delivers an event. It may arrive before the response to the join, and is then delivered with it. */
  #onEvent(event: string, payload: unknown): void {
    if (this.#asked === undefined || this.#asked.wish === this.#wanted) this.#wanted?.member.received(event, payload);
  }

  /** Handles a missing response: the socket may or may not be in. Joining again is harmless, but leaving requires closing. */
  #onSilence(): void {
    this.#settle();
    if (this.#wanted === undefined) this.#connection.engine.close();
    this.#wanted?.member.failed();
    this.#begin();
  }

  /** Requests the wanted membership, and replaces the pending request. */
  #begin(): void {
    this.#socket.disconnect();
    if (this.#wanted !== undefined) this.#socket.connect();
  }
}
