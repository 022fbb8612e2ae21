// Connections for tests, between a hub and the server for tests.

import type { Client, ClientSocket } from "./client.ts";
import type { FakeServer } from "./server.ts";

/** How long a client waits before it connects again. */
const RECONNECT_MS = 1_000;

/** A connection of a hub, as the client of Socket.IO has it. */
export class FakeConnection {
  readonly engine = { close: () => this.lose() };
  readonly #sockets: FakeSocket[] = [];
  readonly #server: FakeServer;
  readonly #client: Client;

  constructor(server: FakeServer, client: Client) {
    this.#server = server;
    this.#client = client;
  }

  socket(namespace: string): FakeSocket {
    const socket = new FakeSocket(this.#server, this.#client, namespace);
    this.#sockets.push(socket);
    return socket;
  }

  /** Breaks the connection. The client connects again. */
  lose(): void {
    for (const socket of this.#sockets) socket.lose();
  }

  /** Ends the connection for good, as when its page is closed. */
  end(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}

type Handler = (...values: unknown[]) => void;

class FakeSocket implements ClientSocket {
  id = crypto.randomUUID();
  auth: (send: (auth: Record<string, string>) => void) => void = () => {};
  connected = false;
  /** Whether the client connects again by itself. */
  active = false;
  readonly client: Client;
  readonly volatile = { emit: (event: string, payload: Record<string, unknown>) => this.#send(event, payload) };
  readonly #server: FakeServer;
  readonly #namespace: string;
  readonly #handlers = new Map<string, Handler[]>();
  #any: (event: string, payload: unknown) => void = () => {};
  #key = "";
  /** Rejects the acknowledgements that are awaited. */
  #awaited = new Set<(error: Error) => void>();
  #attempts = 0;

  constructor(server: FakeServer, client: Client, namespace: string) {
    this.#server = server;
    this.client = client;
    this.#namespace = namespace;
  }

  on(event: string, handler: Handler): void {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  }

  once(event: string, handler: Handler): void {
    const only: Handler = (...values) => {
      this.#handlers.set(
        event,
        this.#handlers.get(event)!.filter((other) => other !== only),
      );
      handler(...values);
    };
    this.on(event, only);
  }

  onAny(handler: (event: string, payload: unknown) => void): void {
    this.#any = handler;
  }

  connect(): void {
    if (this.connected || this.active) return;
    this.active = true;
    this.#try();
  }

  disconnect(): void {
    this.active = false;
    this.#attempts += 1;
    if (this.connected) this.#close("io client disconnect");
  }

  lose(): void {
    if (!this.connected) return;
    this.#close("transport close");
    setTimeout(() => this.active && this.#try(), RECONNECT_MS);
  }

  timeout(ms: number) {
    return {
      emitWithAck: (event: string, payload: Record<string, unknown>) =>
        new Promise<object>((resolve, reject) => {
          this.#awaited.add(reject);
          setTimeout(() => reject(new Error("timeout")), ms);
          this.#send(event, payload, resolve);
        }),
    };
  }

  receive(event: string, payload: object): void {
    if (this.connected) this.#any(event, structuredClone(payload));
  }

  #send(event: string, payload: Record<string, unknown>, acknowledge: (response: object) => void = () => {}): void {
    const { id } = this;
    this.#server.deliver(() => {
      if (!this.connected || this.id !== id) return;
      const response = this.#namespace === "/notes" ? this.#server.receive(this, this.#key, event, payload) : {};
      if (!this.#server.losesResponse(event)) this.#server.deliver(() => acknowledge(response));
    });
  }

  #try(): void {
    this.#attempts += 1;
    const attempt = this.#attempts;
    this.auth((auth) => {
      this.#server.deliver(() => {
        if (this.#attempts !== attempt) return;
        if (this.client.isOnline && this.client.hasSockets) return this.#join(auth);
        setTimeout(() => this.active && this.#attempts === attempt && this.#try(), RECONNECT_MS);
        this.#emit("connect_error", new Error("no network"));
      });
    });
  }

  #join(auth: Record<string, string>): void {
    this.id = crypto.randomUUID();
    this.#key = auth["key"] ?? "";
    const isNotes = this.#namespace === "/notes";
    const refusal = this.client.isSignedIn ? isNotes && this.#server.refusalOf(this.#key) : "unauthenticated";
    if (refusal) {
      this.active = false;
      return this.#emit("connect_error", Object.assign(new Error(refusal), { data: { code: refusal } }));
    }
    this.connected = true;
    this.#emit("connect");
    if (isNotes && this.connected) this.#server.join(this, this.#key, auth);
  }

  #close(reason: string): void {
    this.connected = false;
    this.#server.leave(this);
    for (const reject of this.#awaited) reject(new Error("disconnected"));
    this.#awaited = new Set();
    this.#emit("disconnect", reason);
  }

  #emit(event: string, ...values: unknown[]): void {
    for (const handler of this.#handlers.get(event) ?? []) handler(...values);
  }
}
