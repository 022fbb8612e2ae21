// A reachable server without a live connection, as behind a proxy that forbids WebSockets.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const isPolling = ({ page }) => page.getByText("Not live: changes show every 10 seconds").waitFor();

/** Ways to prevent the live connection. Each returns a function that ends it. */
const obstacles = [
  [
    "a proxy refuses WebSockets",
    (wire) => {
      wire.passesSockets = false;
      return () => (wire.passesSockets = true);
    },
  ],
  [
    "a connection is made and nothing comes over it",
    (wire) => {
      wire.loses = () => true;
      return () => (wire.loses = () => false);
    },
  ],
  [
    "the list's namespace is never acknowledged",
    (wire) => {
      wire.loses = (frame) => /^4[0-4]\/home,/.test(frame);
      return () => (wire.loses = () => false);
    },
  ],
];

for (const [what, begin] of obstacles) {
  test(`the page polls the list and says so until it can connect: ${what}`, async (t) => {
    const [ada] = await testUsers(t, browser, 1);
    const [grace] = await testUsers(t, browser, 1, { wired: true });
    const [before, meanwhile, live] = [titled("Before"), titled("Meanwhile"), titled("Live")];
    await ada.write(before, "");
    const end = begin(grace.wire);
    // The cache of this browser is empty.
    await grace.context.addInitScript(() => indexedDB.deleteDatabase("notes-kept"));
    grace.wire.drop();
    await grace.page.reload();
    await grace.listed(before).waitFor();
    await isPolling(grace);

    await ada.write(meanwhile, "");
    await grace.listed(meanwhile).waitFor();
    assert.equal(await grace.page.getByText("Connected", { exact: true }).count(), 0);

    end();
    await grace.page.getByText("Connected", { exact: true }).waitFor();
    await ada.write(live, "");
    await grace.listed(live).waitFor();
  });
}

test("the page polls a note and its comments, and a new comment waits for the live connection", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const [title, changed] = [titled("Read by HTTP"), titled("Changed")];
  await ada.write(title, "As it was.");
  await ada.comment("Here already.");
  await ada.commented("Here already.").waitFor();
  grace.wire.passesSockets = false;
  grace.wire.drop();
  await isPolling(grace);
  await grace.open(title);
  await grace.article.getByText("As it was.").waitFor();
  await grace.commented("Here already.").waitFor();

  await grace.comment("Not yet.");
  await grace.page.getByRole("alert").getByText("This needs the live connection, which is down.").waitFor();
  assert.equal(await grace.page.getByLabel("Write a comment").inputValue(), "Not yet.");
  await ada.comment("Meanwhile.");
  await ada.fill(changed, "As it is.");
  await ada.isSaved();
  await grace.heading(changed).waitFor();
  await grace.article.getByText("As it is.").waitFor();
  await grace.commented("Meanwhile.").waitFor();

  grace.wire.passesSockets = true;
  await grace.isConnected();
  await grace.page.getByRole("button", { name: "Add comment" }).click();
  await grace.commented("Not yet.").waitFor();
  await ada.commented("Not yet.").waitFor();
});

test("the page notices a deleted note without a live connection", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const title = titled("Soon gone");
  await ada.write(title, "");
  await grace.open(title);
  grace.wire.passesSockets = false;
  grace.wire.drop();
  await isPolling(grace);
  await ada.delete();
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
});

test("the page says that the list cannot be loaded, and shows it once it can", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  const title = titled("Out of reach");
  await ada.write(title, "");
  // A page without a shared worker sends its own requests, which this test can count.
  await ada.context.addInitScript(() => {
    delete globalThis.SharedWorker;
    indexedDB.deleteDatabase("notes-kept");
  });
  ada.wire.passesSockets = false;
  await ada.page.route(`${address}/api/boards/team/notes`, (route) => route.abort());
  await ada.page.reload();
  await ada.page.getByText("The list could not be loaded.").waitFor();
  await ada.page.unroute(`${address}/api/boards/team/notes`);
  await ada.listed(title).waitFor();
});
