// Measures Yjs for `many_edits.rs`: `node yjs.mjs RUNS BYTES`. Standard input has an edit of so many bytes, then a state.
// Prints the medians of the times to load the state and to apply the edit, in milliseconds.

import { readFileSync } from "node:fs";
// As the page has it: `npm ci` in `functions/web` installs it.
import { applyUpdate, Doc } from "../../../web/node_modules/yjs/dist/yjs.mjs";

const [runs, bytes] = process.argv.slice(2).map(Number);
const input = readFileSync(0);
const updates = [input.subarray(bytes), input.subarray(0, bytes)];

const times = updates.map(() => []);
for (let run = 0; run < runs; run += 1) {
  const doc = new Doc();
  doc.getText("text");
  updates.forEach((update, index) => {
    const begun = performance.now();
    applyUpdate(doc, update);
    times[index].push(performance.now() - begun);
  });
}
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
console.log(...times.map(median));
