// The live list: the namespace /home, while somebody is signed in.

import { signal } from "@preact/signals-core";
import type { Manager } from "socket.io-client";
import { follow, type Connection, type ConnectionEvent } from "./connection.ts";
import { Namespace, type Refusal } from "./namespace.ts";
import { latest, type TitleList } from "./titles.ts";

export class Home {
  readonly connection = signal<Connection>("connecting");
  /** The newest titles, once a list has come. It outlives a lost connection; a session's end clears it. */
  readonly titles = signal<TitleList | undefined>(undefined);
  readonly namespace: Namespace;

  /** `refused` is called if the session that the browser has turns out to have ended. */
  constructor(connection: Manager, refused: () => void) {
    this.namespace = new Namespace(connection, "/home");
    const { socket } = this.namespace;
    socket.on("connect", () => this.#note("joined"));
    socket.on("notetitles", (arrived: TitleList) => this.show(arrived));
    socket.on("disconnect", (reason) => {
      if (reason !== "io client disconnect") this.#note("lost");
    });
    socket.on("connect_error", (error: Refusal) => {
      if (error.data?.code === "unauthenticated") refused();
      else this.#note("failed");
    });
  }

  join(): void {
    this.#note("begun");
    this.namespace.enter();
  }

  leave(): void {
    this.namespace.leave();
    this.titles.value = undefined;
  }

  /** Shows a list, unless a newer one is shown. */
  show(arrived: TitleList): void {
    this.titles.value = latest(this.titles.peek(), arrived);
  }

  #note(event: ConnectionEvent): void {
    this.connection.value = follow(this.connection.peek(), event);
  }
}
