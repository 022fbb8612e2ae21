// A socket for tests.

/** A socket whose server responds when the test says so. */
export class FakeSocket {
  auth: (send: (auth: object) => void) => void = () => {};
  connected = false;
  active = true;
  /** The data of each request to join. */
  readonly joins: object[] = [];
  readonly pending: { event: string; board: string; ack: (answer: object) => void; fail: () => void }[] = [];
  readonly #handlers = new Map<string, (argument?: unknown) => void>();
  #any: (event: string, payload: unknown) => void = () => {};

  on(event: string, handler: (argument?: unknown) => void) {
    this.#handlers.set(event, handler);
  }
  onAny(handler: (event: string, payload: unknown) => void) {
    this.#any = handler;
  }
  connect() {
    this.auth((auth) => this.joins.push(auth));
  }
  disconnect() {
    this.connected = false;
  }
  timeout() {
    return {
      emitWithAck: (event: string, { board }: { board: string }) =>
        new Promise((ack, reject) =>
          this.pending.push({ event, board, ack, fail: () => reject(new Error("timeout")) }),
        ),
    };
  }

  accept() {
    this.connected = true;
    this.#handlers.get("connect")?.();
  }
  refuse(code: string) {
    this.active = false;
    this.#handlers.get("connect_error")?.(Object.assign(new Error(code), { data: { code } }));
    this.active = true;
  }
  lose() {
    this.connected = false;
    for (const { fail } of this.pending.splice(0)) fail();
    this.#handlers.get("disconnect")?.("transport close");
  }
  push(event: string, payload: object) {
    this.#any(event, payload);
  }
  /** The events that wait for their acknowledgement. */
  get events() {
    return this.pending.map(({ event, board }) => `${event} ${board}`);
  }
  ack(answer: object = {}) {
    this.pending.shift()?.ack(answer);
  }
}
