// A socket.io-client in one namespace, and a way to wait for what it is sent.

import { io } from "socket.io-client";
import { address } from "./test-user.mjs";

/** After how long a test gives up waiting. It only keeps a test that waits in vain from waiting for ever. */
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
   * A socket with a connection of its own, with a session's cookie or without. It opens the first board, and lasts as long as
   * the test.
   */
  static connect(test, namespace, { cookie, headers = {}, auth = {} } = {}) {
    const socket = io(address + namespace, {
      path: "/socket.io/",
      transports: ["websocket"],
      forceNew: true,
      // In lower case: the client drops a `Cookie` of ours.
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

  /** Waits until something holds, looking whenever something has happened. */
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
