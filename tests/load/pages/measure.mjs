// The measurements, with real clients.

import { once } from "node:events";
import { io } from "socket.io-client";

/** The number of people who type at the same time, how often each sends an edit, and for how long, in milliseconds. */
const EDITORS = 10;
const EDIT_EVERY = 250;
const TYPING = 3_000;

const socketOf = (server, namespace, auth = { board: "team" }) =>
  io(server.address + namespace, { ...server.options, transports: ["websocket"], forceNew: true, auth });

/** Opens pages, a few at a time. */
async function openPages(server, count) {
  const pages = [];
  while (pages.length < count) {
    const some = Array.from({ length: Math.min(20, count - pages.length) }, () => socketOf(server, "/home"));
    await Promise.all(some.map((socket) => once(socket, "notetitles")));
    pages.push(...some);
  }
  return pages;
}

/** Returns the times of joins, each from opening the connection to the first list. */
export async function joins(server, times) {
  const samples = [];
  for (let n = 0; n < times; n++) {
    const begin = performance.now();
    const socket = socketOf(server, "/home");
    await once(socket, "notetitles");
    samples.push(performance.now() - begin);
    socket.disconnect();
  }
  return samples;
}

/** Returns the times from a write to the first and the last of this number of pages. */
export async function writes(server, pages, times) {
  const sockets = await openPages(server, pages);
  const [first, last] = [[], []];
  for (let n = -2; n < times; n++) {
    const title = `note ${n} for ${pages} at ${performance.now()}`;
    const shown = sockets.map(
      (socket) =>
        new Promise((resolve) => {
          const listen = ({ notelist }) => {
            if (notelist[0]?.title !== title) return;
            socket.off("notetitles", listen);
            resolve(performance.now());
          };
          socket.on("notetitles", listen);
        }),
    );
    const begin = performance.now();
    await server.write(title);
    const ends = await Promise.all(shown);
    // The first two start functions.
    if (n < 0) continue;
    first.push(Math.min(...ends) - begin);
    last.push(Math.max(...ends) - begin);
  }
  for (const socket of sockets) socket.disconnect();
  return { first, last };
}

/** Returns the times from an edit to the last of the others who type in the same note. */
export async function typing(server) {
  const editors = await Promise.all(
    Array.from({ length: EDITORS }, async () => {
      const socket = socketOf(server, "/notes", server.auth);
      const text = server.auth.key
        ? (await once(socket, "document"))[0]
        : await once(socket, "connect").then(() => null);
      return { socket, edit: server.makeEdit(text) };
    }),
  );
  const sent = new Map();
  const samples = [];
  for (const { socket } of editors) {
    socket.on("edit", ({ update }) => {
      const edit = sent.get(update);
      if (edit && ++edit.seen === EDITORS - 1) samples.push(performance.now() - edit.begin);
    });
  }
  await Promise.all(
    editors.map(async ({ socket, edit }, index) => {
      await wait((index * EDIT_EVERY) / EDITORS);
      for (let time = 0; time < TYPING; time += EDIT_EVERY) {
        const update = edit();
        sent.set(update, { begin: performance.now(), seen: 0 });
        socket.emit("edit", { update }, () => {});
        await wait(EDIT_EVERY);
      }
    }),
  );
  await wait(1_000);
  for (const { socket } of editors) socket.disconnect();
  return samples;
}

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
