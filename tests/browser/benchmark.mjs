// The speed of opening the list and a note, compared with a page of the same run that does little:
// `tests/with-cloud npm --prefix tests/browser run benchmark`. The times depend on the machine, so compare the
// ratios, not the times.

import { once } from "node:events";
import { createServer } from "node:http";
import { audited, BODY } from "./audited.mjs";

/** Number of runs. The median counts. */
const RUNS = 5;

/** A page with as many rows as the list, made by a script. */
const REFERENCE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Reference</title>
<meta name="viewport" content="width=device-width"><h1>Reference</h1><pre>${BODY}</pre><ul></ul><script>
for (let number = 0; number < 120; number += 1) {
  const row = document.createElement("li");
  row.textContent = "Something to do " + number;
  document.querySelector("ul").append(row);
}</script>`;

const server = createServer((_, answer) => {
  answer.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  answer.end(REFERENCE);
}).listen(0, "localhost");
await once(server, "listening");

const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
const measures = {
  score: (lhr) => lhr.categories.performance.score * 100,
  "main thread": (lhr) => lhr.audits["mainthread-work-breakdown"].numericValue,
  blocked: (lhr) => lhr.audits["total-blocking-time"].numericValue,
  shown: (lhr) => lhr.audits["largest-contentful-paint"].numericValue,
};

try {
  await audited(async (pages, look) => {
    const all = { reference: `http://localhost:${server.address().port}/`, ...pages };
    const measured = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
    // In turns, so that other load on the machine slows all of them alike.
    for (let run = 0; run < RUNS; run += 1) {
      for (const [name, url] of Object.entries(all)) measured[name].push(await look(url, ["performance"]));
    }
    const value = (name, measure) => median(measured[name].map(measures[measure]));
    const beside = (name, measure) => (value(name, measure) / value("reference", measure)).toFixed(1);
    for (const name of Object.keys(all)) {
      const times = ["main thread", "shown"].map(
        (measure) => `${measure} ${value(name, measure).toFixed(0)} ms (${beside(name, measure)} times the reference)`,
      );
      console.log(
        `${name}: score ${value(name, "score").toFixed(0)}, ${times.join(", ")}, blocked ${value(name, "blocked").toFixed(0)} ms`,
      );
    }
  });
} finally {
  server.close();
}
