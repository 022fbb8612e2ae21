// What a page does with the list: a client in /home, and the lists that it was sent.

import { Client } from "./client.mjs";

export class Page extends Client {
  /** How many lists have come, and the one that a page would show: none gives way to one of a lower revision. */
  received = 0;
  list;

  constructor(socket) {
    super(socket);
    this.on("notetitles", (list) => {
      this.received += 1;
      if (this.list === undefined || list.revision >= this.list.revision) this.list = list;
    });
  }

  /** Opens a connection of its own and joins /home. */
  static open(test, options) {
    return new Page(Client.connect(test, "/home", options));
  }

  shows(title) {
    return this.list?.notelist.some((row) => row.title === title) ?? false;
  }
}
