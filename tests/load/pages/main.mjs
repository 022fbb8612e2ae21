// Measures how soon changes reach pages: Socket.IO in one process, and Notes in the local cloud, in turns.
//
// `node main.mjs PROGRAM TEMPLATE`: the program is `notes-dev`. Prints a table of medians in milliseconds.

import { joins, typing, writes } from "./measure.mjs";
import { Notes, Peer } from "./server.mjs";

const [program, template] = process.argv.slice(2);
const ROUNDS = 3;
const SIZES = [1, 20, 100, 1_000];

const servers = {
  "Socket.IO": await Peer.start(),
  fast: await Notes.start(program, template, "fast"),
  aws: await Notes.start(program, template, "aws"),
  "fast, stream only": await Notes.start(program, template, "fast", { EarlyPushSockets: 0 }),
  "aws, stream only": await Notes.start(program, template, "aws", { EarlyPushSockets: 0 }),
};
const samples = new Map();
const add = (row, name, times) => {
  const columns = samples.get(row) ?? samples.set(row, new Map()).get(row);
  columns.set(name, [...(columns.get(name) ?? []), ...times]);
};

try {
  for (let round = 1; round <= ROUNDS; round++) {
    for (const pages of SIZES) {
      for (const [name, server] of Object.entries(servers)) {
        console.error(`round ${round} of ${ROUNDS}: ${pages} pages, ${name}`);
        const { first, last } = await writes(server, pages, pages === 1_000 ? 5 : 10);
        add(`write to first of ${pages}`, name, first);
        add(`write to last of ${pages}`, name, last);
      }
    }
    for (const [name, server] of Object.entries(servers)) {
      console.error(`round ${round} of ${ROUNDS}: joins and typing, ${name}`);
      add("join", name, await joins(server, 10));
      add("edit to last of 9", name, await typing(server));
    }
  }
} finally {
  for (const server of Object.values(servers)) server.stop();
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const names = Object.keys(servers);
console.log(["median in ms".padEnd(24), ...names.map((name) => name.padStart(18))].join(""));
for (const [row, columns] of samples) {
  console.log([row.padEnd(24), ...names.map((name) => median(columns.get(name)).toFixed(1).padStart(18))].join(""));
}
process.exit(0);
