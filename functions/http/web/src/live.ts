// The live list: one socket in the namespace /home while somebody is signed in.

import { signal } from "@preact/signals";
import { io } from "socket.io-client";
import { follow, type Connection, type ConnectionEvent } from "./connection.ts";
import { latest, type TitleList } from "./titles.ts";

export const connection = signal<Connection>("connecting");

/** The newest titles, once the first list has come. It outlives a lost connection; a session's end clears it. */
export const titles = signal<TitleList | undefined>(undefined);

/** What a refusal carries, beside its message. */
interface Refusal extends Error {
  data?: { code?: string };
}

const RETRY_MS = 5_000;

const socket = io("/home", { path: "/socket.io/", transports: ["websocket"], autoConnect: false });
let retry: ReturnType<typeof setTimeout> | undefined;
let unauthenticated = (): void => {};

function note(event: ConnectionEvent): void {
  connection.value = follow(connection.peek(), event);
}

socket.on("connect", () => note("joined"));

socket.on("notetitles", (arrived: TitleList) => {
  titles.value = latest(titles.peek(), arrived);
});

socket.on("disconnect", (reason) => {
  if (reason === "io client disconnect") return;
  note("lost");
  // The client comes back by itself, except where the server told it to leave: then whoever may, joins anew.
  if (!socket.active) socket.connect();
});

socket.on("connect_error", (error: Refusal) => {
  if (error.data?.code === "unauthenticated") return unauthenticated();
  note("failed");
  // Refused for a reason that may pass, and the client gives up on a refusal.
  if (!socket.active) retry = setTimeout(() => socket.connect(), RETRY_MS);
});

/** Joins /home with the session's cookie. `refused` is called if that session turns out to have ended. */
export function join(refused: () => void): void {
  unauthenticated = refused;
  note("begun");
  socket.connect();
}

export function leave(): void {
  clearTimeout(retry);
  socket.disconnect();
  titles.value = undefined;
}
