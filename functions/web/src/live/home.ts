// The live lists: the boards of the user and the titles of open boards, from the namespace /home and over HTTP.

import { signal } from "@preact/signals-core";
import type { Manager } from "socket.io-client";
import type { TitleList } from "../note.ts";
import * as api from "../server/api.ts";
import * as server from "../server/boards.ts";
import { Problem } from "../server/problem.ts";
import { type BoardList, changed } from "./board-list.ts";
import { coalesce } from "./coalesce.ts";
import { type Connection, type ConnectionEvent, follow } from "./connection.ts";
import { type Member, Namespace } from "./namespace.ts";
import { Polling } from "./polling.ts";
import { latest, polled } from "./titles.ts";

/** How long an event waits for its acknowledgement. */
const ACK_TIMEOUT_MS = 10_000;

/** The delay before a failed request is repeated. */
const RETRY_MS = 5_000;

/** The timeout of reading the boards. */
const TIMEOUT_MS = 15_000;

interface Listener {
  /** Called if the server finds that the session has ended. */
  ended(): void;
  /** Called with the newest titles of an open board, and with nothing once they are dropped. */
  titles(board: string, titles: TitleList | undefined): void;
}

export class Home {
  readonly connection = signal<Connection>("connecting");
  /** The boards of the user, once the list has arrived. The end of the session clears it. */
  readonly boards = signal<BoardList | undefined>(undefined);
  readonly namespace: Namespace;
  readonly #listener: Listener;
  /** The boards that some tab has open. */
  readonly #open = new Set<string>();
  /** The newest titles of open boards. A lost connection keeps them. */
  readonly #titles = new Map<string, TitleList>();
  /** The boards that the server refuses. The list of boards may have them later. */
  readonly #refused = new Set<string>();
  /** The board of the latest request to join. */
  #requested: string | undefined;
  /** The boards whose rooms the socket is in. Each connection has its own sets. */
  #rooms = new Set<string>();
  /** The boards whose rooms are being joined or left. */
  #syncing = new Set<string>();
  /** Counts the sessions, so that responses of an earlier one are ignored. */
  #session = 0;
  readonly #polling = new Polling(
    (signal) => this.#poll(signal),
    (done) => this.#note(done ? "read" : "unread"),
  );

  readonly #member: Member = {
    joined: () => this.#joined(),
    lost: () => {
      this.#rooms = new Set();
      this.#note("lost");
      this.#polling.start();
    },
    failed: () => this.#polling.hurry(),
    refused: (code) => {
      if (code !== "no-such-board" || this.#requested === undefined) return this.#listener.ended();
      this.#refused.add(this.#requested);
      this.#enter();
    },
    // biome-ignore lint/suspicious/noExplicitAny: each event has its own payload
    received: (event, payload: any) => {
      switch (event) {
        case "notetitles":
          return this.show(payload.board, payload);
        case "boards":
          return this.#refresh();
        case "activity":
          this.boards.value = changed(this.boards.peek(), payload.board, payload.changed);
      }
    },
  };

  constructor(connection: Manager, listener: Listener) {
    this.namespace = new Namespace(connection, "/home");
    this.#listener = listener;
  }

  join(): void {
    this.#note("begun");
    this.#polling.start();
    this.#enter();
  }

  leave(): void {
    this.#session += 1;
    this.#polling.stop();
    this.namespace.leave();
    this.#open.clear();
    this.#titles.clear();
    this.#refused.clear();
    this.boards.value = undefined;
  }

  get openBoards(): readonly string[] {
    return [...this.#open];
  }

  /** Returns the newest titles of an open board, if a list has arrived. */
  titlesOf(board: string): TitleList | undefined {
    return this.#titles.get(board);
  }

  /** Receives the titles of a board from now on. */
  open(board: string): void {
    this.#open.add(board);
    void this.#sync(board);
    const list = this.boards.peek();
    // The user may have come to the board since the list was read.
    if (list?.cached === false && list.boards.every(({ id }) => id !== board)) this.#refresh();
    if (!this.namespace.isJoined && this.connection.peek() === "polling") void this.#readTitles(board).catch(() => {});
  }

  /** Drops the titles of a board, and no longer receives them. */
  close(board: string): void {
    this.#open.delete(board);
    this.#titles.delete(board);
    this.#refused.delete(board);
    void this.#sync(board);
  }

  /** Shows a list unless a newer one of the same board is shown. */
  show(board: string, { revision, notelist, more }: TitleList): void {
    if (!this.#isWanted(board)) return;
    const before = this.#titles.get(board);
    const titles = latest(before, { revision, notelist, more });
    if (titles !== before) this.#put(board, titles);
  }

  /** Shows the cached boards until the current ones are read. */
  recall(boards: readonly server.Board[]): void {
    this.boards.value ??= { boards, cached: true };
  }

  /** Reads the boards again. */
  readonly readBoards = coalesce(async () => {
    const session = this.#session;
    const boards = await server.boards(AbortSignal.timeout(TIMEOUT_MS));
    if (session !== this.#session) return;
    this.boards.value = { boards, cached: false };
    const ids = new Set(boards.map(({ id }) => id));
    for (const board of this.#open) {
      if (!ids.has(board)) this.#drop(board);
      else if (this.#refused.delete(board)) void this.#sync(board);
    }
  });

  #enter(): void {
    const auth = () => {
      this.#requested = [...this.#open].find((board) => this.#isWanted(board));
      return this.#requested === undefined ? {} : { board: this.#requested };
    };
    this.namespace.enter(auth, this.#member);
  }

  #joined(): void {
    this.#polling.stop();
    this.#note("joined");
    this.#rooms = new Set(this.#requested === undefined ? [] : [this.#requested]);
    this.#syncing = new Set();
    for (const board of new Set([...this.#open, ...this.#rooms])) void this.#sync(board);
    this.#refresh();
  }

  /** Reads the boards again, until that succeeds. Without a connection, polling repeats it. */
  #refresh(): void {
    this.readBoards().catch(() => this.#later(() => this.#refresh()));
  }

  /** Calls `repeat` after a while, if the session and the connection are still there. */
  #later(repeat: () => void): void {
    const session = this.#session;
    setTimeout(() => {
      if (session === this.#session && this.namespace.isJoined) repeat();
    }, RETRY_MS);
  }

  #isWanted(board: string): boolean {
    return this.#open.has(board) && !this.#refused.has(board);
  }

  /** Drops the titles of a board that is gone, or that the user may no longer open. */
  #drop(board: string): void {
    this.#refused.add(board);
    this.#rooms.delete(board);
    this.#put(board, undefined);
  }

  /**
   * Joins or leaves the room of a board. One request for a board is in progress at a time, because the server may handle two
   * events of a socket in any order.
   */
  async #sync(board: string): Promise<void> {
    const [rooms, syncing] = [this.#rooms, this.#syncing];
    if (syncing.has(board)) return;
    syncing.add(board);
    try {
      while (rooms === this.#rooms && this.namespace.isJoined && this.#isWanted(board) !== rooms.has(board)) {
        const join = !rooms.has(board);
        const event = join ? "open-board" : "close-board";
        const acknowledgement = await this.namespace.ask(event, { board }, ACK_TIMEOUT_MS);
        const { error } = acknowledgement as { error?: { code: string; message: string } };
        if (rooms !== this.#rooms) return;
        if (!join) rooms.delete(board);
        else if (error === undefined) rooms.add(board);
        else if (error.code === "no-such-board") {
          this.#refused.add(board);
          // The list of boards may be older than the refusal. The server usually announces the change before this.
          this.#later(() => this.#refresh());
        } else throw new Problem(0, error.message);
      }
    } catch {
      // The socket may or may not be in the room. Joining twice is harmless.
      this.#later(() => void this.#sync(board));
      if (this.#isWanted(board)) void this.#readTitles(board).catch(() => {});
    } finally {
      syncing.delete(board);
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const titles = [...this.#open].map((board) => this.#isWanted(board) && this.#readTitles(board, signal));
    await Promise.all([this.readBoards(), ...titles]);
  }

  async #readTitles(board: string, signal?: AbortSignal): Promise<void> {
    const session = this.#session;
    try {
      const page = await api.titles(board, undefined, signal);
      // Once the room is joined, its lists are newer.
      if (signal?.aborted || session !== this.#session || !this.#isWanted(board) || this.#rooms.has(board)) return;
      this.#put(board, polled(this.#titles.get(board), page));
    } catch (error) {
      // The list of boards says which boards are gone.
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
  }

  #put(board: string, titles: TitleList | undefined): void {
    if (titles === undefined) this.#titles.delete(board);
    else this.#titles.set(board, titles);
    this.#listener.titles(board, titles);
  }

  #note(event: ConnectionEvent): void {
    this.connection.value = follow(this.connection.peek(), event);
  }
}
