// The live list: the namespace /home, while somebody is signed in.

import { signal } from "@preact/signals";
import { follow, type Connection, type ConnectionEvent } from "./connection.ts";
import { Namespace, type Refusal } from "./manager.ts";
import { latest, type TitleList } from "./titles.ts";

export const connection = signal<Connection>("connecting");

/** The newest titles, once the first list has come. It outlives a lost connection; a session's end clears it. */
export const titles = signal<TitleList | undefined>(undefined);

const home = new Namespace("/home");
let unauthenticated = (): void => {};

function note(event: ConnectionEvent): void {
  connection.value = follow(connection.peek(), event);
}

home.socket.on("connect", () => note("joined"));

home.socket.on("notetitles", (arrived: TitleList) => {
  titles.value = latest(titles.peek(), arrived);
});

home.socket.on("disconnect", (reason) => {
  if (reason !== "io client disconnect") note("lost");
});

home.socket.on("connect_error", (error: Refusal) => {
  if (error.data?.code === "unauthenticated") unauthenticated();
  else note("failed");
});

/** Joins /home with the session's cookie. `refused` is called if that session turns out to have ended. */
export function join(refused: () => void): void {
  unauthenticated = refused;
  note("begun");
  home.enter();
}

export function leave(): void {
  home.leave();
  titles.value = undefined;
}
