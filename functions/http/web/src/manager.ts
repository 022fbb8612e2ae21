// The one connection to the server, and the namespaces on it.

import { Manager, type Socket } from "socket.io-client";

/** What a refusal carries, beside its message. */
export interface Refusal extends Error {
  data?: { code?: string };
}

/** Refusals that asking again does not change. */
const FINAL = ["unauthenticated", "invalid-key", "no-such-note"];

const RETRY_MS = 5_000;

const manager = new Manager({ path: "/socket.io/", transports: ["websocket"], autoConnect: false });

/** A namespace that the page is in from `enter` to `leave`, whatever happens to the connection in between. */
export class Namespace {
  readonly socket: Socket;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string) {
    this.socket = manager.socket(name);
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
    this.socket.auth = auth;
    this.socket.connect();
  }

  leave(): void {
    clearTimeout(this.#retry);
    this.socket.disconnect();
  }
}
