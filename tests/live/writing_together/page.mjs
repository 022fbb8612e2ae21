// Pages with documents of Yjs, for a test that has others with `yrs`. It reads one request per line, and writes one response.
//
// It runs in functions/web, whose Yjs it uses.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const Y = createRequire(`${process.cwd()}/`)("yjs");
const pages = [];

/** Changes the text of a page, and returns what has changed. */
function edit({ doc, text }, change) {
  let update;
  doc.once("update", (bytes) => (update = bytes));
  doc.transact(() => change(text));
  return Buffer.from(update).toString("base64");
}

const requests = {
  open({ client, name }) {
    const doc = new Y.Doc();
    doc.clientID = client;
    return pages.push({ doc, text: doc.getText(name) }) - 1;
  },
  show: ({ page }) => pages[page].text.toString(),
  apply({ page, update }) {
    Y.applyUpdate(pages[page].doc, Buffer.from(update, "base64"));
    return null;
  },
  insert: ({ page, at, text }) => edit(pages[page], (shared) => shared.insert(at, text)),
  remove: ({ page, at, length }) => edit(pages[page], (shared) => shared.delete(at, length)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(requests[request.do](request))}\n`);
}
