// A namespace of the server, on a connection that may carry several.

import { Manager, type Socket } from "socket.io-client";

/** What a refusal carries, beside its message. */
interface Refusal extends Error {
  data?: { code?: string };
}

/** Refusals that asking again does not change. */
const FINAL = ["unauthenticated", "invalid-key", "no-such-note"];

const RETRY_MS = 5_000;

/** How long the server may take to answer a request to join. */
const ANSWER_MS = 20_000;

/**
 * How long a page stays away that the server sent away: its session has too many connections, and this is the oldest. If it
 * came back at once, it would drive out the next one, which would do the same.
 */
const AWAY_MS = 60_000;

/** Opens when the first of its namespaces is entered, and closes when the last is left. */
export function connect(): Manager {
  return new Manager({ path: "/socket.io/", transports: ["websocket"], autoConnect: false });
}

/** Whoever entered a namespace, and is told what happens there. */
export interface Member {
  joined(): void;
  /** The connection broke. The namespace is joined again by itself. */
  lost(): void;
  /** An attempt to connect or to join failed. It is repeated. */
  failed(): void;
  /** The server refuses, for a reason that asking again does not change. */
  refused(code: string): void;
  received(event: string, payload: unknown): void;
}

/** What somebody asked to join with. */
interface Wish {
  auth: Record<string, unknown>;
  member: Member;
}

/**
 * A namespace that the browser is in from `enter` to `leave`, whatever happens to the connection in between.
 *
 * The server is asked one thing at a time. Until it has answered a request to join, the client cannot leave: it sends no
 * DISCONNECT for a socket that is not connected, and the server would keep it in the room. So a member that leaves
 * early leaves when the answer comes.
 */
export class Namespace {
  readonly #socket: Socket;
  readonly #connection: Manager;
  /** What the browser wants; nothing while it is not to be in the namespace. */
  #wanted: Wish | undefined;
  /** What the server was asked for and has not answered. */
  #asked: { wish: Wish | undefined; timer: ReturnType<typeof setTimeout> } | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Manager, name: string) {
    this.#connection = connection;
    this.#socket = connection.socket(name);
    // The client calls this whenever it asks to join, after a reconnection as well.
    this.#socket.auth = (send) => this.#ask(send);
    this.#socket.on("connect", () => this.#onJoined());
    this.#socket.on("connect_error", (error: Refusal) => this.#onError(error));
    this.#socket.on("disconnect", (reason) => this.#onDisconnect(reason));
    this.#socket.onAny((event: string, payload: unknown) => this.#onEvent(event, payload));
  }

  /** Whether events reach the server now. */
  get isJoined(): boolean {
    return this.#socket.connected;
  }

  /** Resolves once events reach the server, and after `timeoutMs` anyway. */
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

  /** Joins, in the place of whoever was in it. */
  enter(auth: Record<string, unknown>, member: Member): void {
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

  /**
   * Gives up the connection, which may be dead without anybody having said so, or another person's. It closes once all of
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
    send(this.#wanted?.auth ?? {});
  }

  /** The server has answered, or will not. Returns whether it was asked for what is wanted now. */
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
    // The client gives up on a refusal; on a connection that could not be made, it does not.
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
      // The client comes back by itself, except where the server told it to leave.
      if (!this.#socket.active) this.#retry = setTimeout(() => this.#socket.connect(), AWAY_MS);
    }
  }

  /** An event may arrive before the answer, and is delivered with it. */
  #onEvent(event: string, payload: unknown): void {
    if (this.#asked === undefined || this.#asked.wish === this.#wanted) this.#wanted?.member.received(event, payload);
  }

  /** Nobody knows whether the server let the socket in. To ask again does no harm; where it is to be out, only the end helps. */
  #onSilence(): void {
    this.#settle();
    if (this.#wanted === undefined) this.#connection.engine.close();
    this.#wanted?.member.failed();
    this.#begin();
  }

  /** Asks for what is wanted now, in the place of what was asked for before. */
  #begin(): void {
    this.#socket.disconnect();
    if (this.#wanted !== undefined) this.#socket.connect();
  }
}
