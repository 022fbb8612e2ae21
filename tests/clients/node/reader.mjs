// The note part of a page: a client in /notes, and the note and comments that a page would show.

import { Client, PATIENCE_MS } from "./client.mjs";

export class Reader extends Client {
  /** The versions received, and the note that a page would show. A lower version never replaces a higher one. */
  versions = [];
  note;
  destroyed = [];
  /** The readers that a page would show. A lower revision never replaces a higher one. */
  presence;
  /** The number of times that the newest comments arrived, the cursor of older ones, and all pushes since. */
  joins = 0;
  cursor;
  comments = [];
  newmessages = [];
  destroymessages = [];

  constructor(socket) {
    super(socket);
    this.on("noteupdated", ({ note }) => {
      this.versions.push(note.version);
      if (this.note === undefined || note.version >= this.note.version) this.note = note;
    });
    this.on("presence", (presence) => {
      if (this.presence === undefined || presence.revision >= this.presence.revision) this.presence = presence;
    });
    this.on("notedestroyed", ({ key }) => this.destroyed.push(key));
    this.on("messages", ({ messages, cursor }) => {
      this.joins += 1;
      this.comments = messages;
      this.cursor = cursor;
    });
    this.on("newmessage", ({ message }) => this.newmessages.push(message));
    this.on("destroymessage", ({ id }) => this.destroymessages.push(id));
  }

  /** Opens a connection and joins the room of a note. */
  static open(test, user, note) {
    return new Reader(Client.connect(test, "/notes", { cookie: user.cookie, auth: { key: note.key } }));
  }

  /** Joins the room of a note over the connection of another client. */
  static beside(test, client, auth) {
    const socket = client.socket.io.socket("/notes", { auth: { board: "team", ...auth } });
    test.after(() => socket.disconnect());
    const reader = new Reader(socket);
    socket.connect();
    return reader;
  }

  /** Waits until the note and its comments have arrived. */
  async joined() {
    await this.until("the note and its comments come", () => this.joins > 0);
    return this;
  }

  /** Waits until the readers are exactly these users. */
  async sees(...users) {
    const usernames = users.map(({ username }) => username).sort();
    const seen = () => JSON.stringify(this.presence?.people.map(({ username }) => username));
    await this.until("who reads the note is told", () => seen() === JSON.stringify(usernames));
  }

  /** Emits an event, and returns its acknowledgement. */
  ask(event, payload) {
    return this.socket.timeout(PATIENCE_MS).emitWithAck(event, payload);
  }

  /** Writes a comment, and returns it as it was stored. */
  async comment(message) {
    return (await this.ask("create-message", { message })).comment;
  }
}
