// What a page does with a note: a client in /notes, and what it would show of the note and its comments.

import { Client, PATIENCE_MS } from "./client.mjs";

export class Reader extends Client {
  /** The versions that came, and the note as a page would show it: none gives way to a lower version. */
  versions = [];
  note;
  destroyed = [];
  /** Who reads the note, as a page would show it: none gives way to one of a lower revision. */
  presence;
  /** How often the newest comments came, where the older ones go on, and all that were pushed since. */
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

  /** Opens a connection of its own and joins the room of a note. */
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

  /** Waits until the note and its comments have come. */
  async joined() {
    await this.until("the note and its comments come", () => this.joins > 0);
    return this;
  }

  /** Waits until these people, and no others, are said to read the note. */
  async sees(...users) {
    const usernames = users.map(({ username }) => username).sort();
    const seen = () => JSON.stringify(this.presence?.people.map(({ username }) => username));
    await this.until("who reads the note is told", () => seen() === JSON.stringify(usernames));
  }

  /** Emits an event, and gives its acknowledgement. */
  ask(event, payload) {
    return this.socket.timeout(PATIENCE_MS).emitWithAck(event, payload);
  }

  /** Writes a comment, and gives it as it was stored. */
  async comment(message) {
    return (await this.ask("create-message", { message })).comment;
  }
}
