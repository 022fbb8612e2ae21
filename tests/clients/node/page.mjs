// What a page does: a socket.io-client in /home, and the lists that it was sent.

import { io } from "socket.io-client";
import { address } from "./visitor.mjs";

/** How long anything in these tests may take before it counts as never. */
export const PATIENCE_MS = 20_000;

export class Page {
  /** How many lists have come, and the one that a page would show: none gives way to one of a lower revision. */
  received = 0;
  list;
  errors = [];
  disconnects = [];
  socket;
  #wake = () => {};

  /** Opens a connection of its own and joins /home, with a session's cookie or without. */
  constructor({ cookie, headers = {} } = {}) {
    // In lower case: the client drops a `Cookie` of ours.
    this.headers = { ...(cookie && { cookie }), ...headers };
    this.socket = io(`${address}/home`, {
      path: "/socket.io/",
      transports: ["websocket"],
      forceNew: true,
      extraHeaders: this.headers,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    this.#on("notetitles", (list) => {
      this.received += 1;
      if (this.list === undefined || list.revision >= this.list.revision) this.list = list;
    });
    this.#on("connect_error", (error) => this.errors.push(error));
    this.#on("disconnect", (reason) => this.disconnects.push(reason));
    this.#on("connect", () => {});
  }

  /** Lets the test's own clean-up close it. */
  static open(test, options) {
    const page = new Page(options);
    test.after(() => page.socket.disconnect());
    return page;
  }

  shows(title) {
    return this.list?.notelist.some((row) => row.title === title) ?? false;
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

  #on(event, act) {
    this.socket.on(event, (...args) => {
      act(...args);
      this.#wake();
    });
  }
}
