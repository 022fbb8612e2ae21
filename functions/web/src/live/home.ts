// The live list: the namespace /home, while a user is signed in.

import { signal } from "@preact/signals-core";
import type { Manager } from "socket.io-client";
import type { TitleList } from "../note.ts";
import * as api from "../server/api.ts";
import { type Connection, type ConnectionEvent, follow } from "./connection.ts";
import { type Member, Namespace } from "./namespace.ts";
import { Polling } from "./polling.ts";
import { latest, polled } from "./titles.ts";

export class Home {
  readonly connection = signal<Connection>("connecting");
  /** The newest titles, once a list has arrived. A lost connection keeps them, and the end of the session clears them. */
  readonly titles = signal<TitleList | undefined>(undefined);
  readonly namespace: Namespace;
  readonly #member: Member;
  readonly #polling = new Polling(
    (signal) => this.#read(signal),
    (done) => this.#note(done ? "read" : "unread"),
  );

  /** `refused` is called if the server finds that the session has ended. */
  constructor(connection: Manager, refused: () => void) {
    this.namespace = new Namespace(connection, "/home");
    this.#member = {
      joined: () => {
        this.#polling.stop();
        this.#note("joined");
      },
      lost: () => {
        this.#note("lost");
        this.#polling.start();
      },
      failed: () => this.#polling.hurry(),
      refused,
      received: (event, payload) => {
        if (event === "notetitles") this.show(payload as TitleList);
      },
    };
  }

  join(): void {
    this.#note("begun");
    this.#polling.start();
    this.namespace.enter({}, this.#member);
  }

  leave(): void {
    this.#polling.stop();
    this.namespace.leave();
    this.titles.value = undefined;
  }

  /** Shows a list unless a newer one is shown. */
  show(arrived: TitleList): void {
    this.titles.value = latest(this.titles.peek(), arrived);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const page = await api.titles(undefined, signal);
    // Once the namespace is joined, its lists are newer.
    if (!signal.aborted) this.titles.value = polled(this.titles.peek(), page);
  }

  #note(event: ConnectionEvent): void {
    this.connection.value = follow(this.connection.peek(), event);
  }
}
