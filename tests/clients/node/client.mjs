// A socket.io-client in one namespace, with a way to wait for events.

import { io } from "socket.io-client";
import { address } from "./test-user.mjs";

/** The timeout of a wait. It only ends tests that would wait forever. */
export const PATIENCE_MS = 180_000;

export class Client {
  errors = [];
  disconnects = [];
  socket;
  #wake = () => {};

  constructor(socket) {
    this.socket = socket;
    this.on("connect_error", (error) => this.errors.push(error));
    this.on("disconnect", (reason) => this.disconnects.push(reason));
    this.on("connect", () => {});
  }

  /**
   * Opens a socket on its own connection, with or without a session's cookie. It opens the first board, and is closed at the end
   * of the test.
   */
  static connect(test, namespace, { cookie, headers = {}, auth = {} } = {}) {
    const socket = io(address + namespace, {
      path: "/socket.io/",
      transports: ["websocket"],
      forceNew: true,
      // In lower case, because the client drops a header `Cookie`.
      extraHeaders: { ...(cookie && { cookie }), ...headers },
      auth: { board: "team", ...auth },
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    test.after(() => socket.disconnect());
    return socket;
  }

  on(event, act) {
    this.socket.on(event, (...args) => {
      act(...args);
      this.#wake();
    });
  }

  /** Waits until a condition holds. Checks it after each event. */
  async until(what, holds) {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    while (!holds()) {
      await new Promise((resolve, reject) => {
        this.#wake = resolve;
        patience.onabort = () => reject(new Error(`never came true: ${what}`));
      });
    }
  }
}
