// The list part of a page: a client in /home, and the lists that it has received.

import { Client } from "./client.mjs";

export class Page extends Client {
  /** The number of lists received, and the list that a page would show. A lower revision never replaces a higher one. */
  received = 0;
  list;

  constructor(socket) {
    super(socket);
    this.on("notetitles", (list) => {
      this.received += 1;
      if (this.list === undefined || list.revision >= this.list.revision) this.list = list;
    });
  }

  /** Opens a connection and joins /home. */
  static open(test, options) {
    return new Page(Client.connect(test, "/home", options));
  }

  shows(title) {
    return this.list?.notelist.some((row) => row.title === title) ?? false;
  }
}
