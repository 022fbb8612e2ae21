// A namespace of the server, on a connection that may carry several.

import { Manager, type Socket } from "socket.io-client";

/** What a refusal carries, beside its message. */
export interface Refusal extends Error {
  data?: { code?: string };
}

/** Refusals that asking again does not change. */
const FINAL = ["unauthenticated", "invalid-key", "no-such-note"];

const RETRY_MS = 5_000;

/** A connection: made when the first of its namespaces is entered, ended when the last is left. */
export function connect(): Manager {
  return new Manager({ path: "/socket.io/", transports: ["websocket"], autoConnect: false });
}

/** A namespace that the browser is in from `enter` to `leave`, whatever happens to the connection in between. */
export class Namespace {
  readonly socket: Socket;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #entered = false;

  constructor(connection: Manager, name: string) {
    this.socket = connection.socket(name);
    // The client comes back by itself, except where the server told it to leave: then whoever may, joins anew.
    this.socket.on("disconnect", (reason) => {
      if (reason !== "io client disconnect" && !this.socket.active) this.socket.connect();
    });
    // Refused for a reason that may pass, and the client gives up on a refusal.
    this.socket.on("connect_error", (error: Refusal) => {
      if (this.socket.active || FINAL.includes(error.data?.code ?? "")) return;
      this.#retry = setTimeout(() => this.socket.connect(), RETRY_MS);
    });
  }

  enter(auth: Record<string, unknown> = {}): void {
    this.#entered = true;
    this.socket.auth = auth;
    this.socket.connect();
  }

  leave(): void {
    this.#entered = false;
    clearTimeout(this.#retry);
    this.socket.disconnect();
  }

  /** Gives up the connection, which may be dead without anybody having said so. With `resume` there is another. */
  suspend(): void {
    clearTimeout(this.#retry);
    this.socket.disconnect();
  }

  resume(): void {
    if (this.#entered) this.socket.connect();
  }
}
