// A lost and restored connection, and the one connection that all tabs of a browser share.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers, titled, until } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("the page says whether it is connected, and updates the list after a reconnection", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const [old, title] = [titled("Before"), titled("Meanwhile")];
  await ada.write(old, "");
  await grace.listed(old).waitFor();
  assert.equal(await grace.page.getByText("Connected", { exact: true }).getAttribute("aria-live"), "polite");

  grace.wire.cut();
  await grace.isOffline();
  await ada.write(title, "");
  await grace.listed(old).waitFor();
  assert.equal(await grace.listed(title).count(), 0);

  const earlier = grace.wire.received.length;
  grace.wire.mend();
  await grace.isConnected();
  await grace.listed(title).waitFor();
  const first = grace.wire.received.slice(earlier).find((frame) => frame.startsWith('42/home,["notetitles"'));
  assert.ok(first?.includes(title), "nothing older came first");
});

test("the list and the notes that were read are available offline, even after a reload", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  const [read, unread] = [titled("Read"), titled("Unread")];
  await ada.write(unread, "Nobody opened this.");
  await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
  await ada.write(read, "Still here.");
  // Once the page is cached, opening it needs no server either.
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const other = await ada.context.request.put(`${address}/api/boards/team/notes/never-opened-${crypto.randomUUID()}`, {
    data: { title: titled("Never opened"), body: "" },
    headers: { "if-none-match": "*" },
  });
  const { title: never } = await other.json();
  await ada.listed(never).waitFor();

  ada.wire.cut();
  await ada.isOffline();
  await ada.page.reload();
  await ada.heading(read).waitFor();
  await ada.textIs("Still here.");
  await ada.listed(unread).waitFor();
  await ada.listed(never).click();
  await ada.page.getByRole("main").getByText("Notes cannot be reached.").waitFor();

  ada.wire.mend();
  await ada.isConnected();
  await ada.heading(never).waitFor();
});

test("the next user of the browser finds nothing in the cache", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2, { wired: true });
  const title = titled("Ada's");
  await ada.write(title, "Only here.");
  await ada.signOut();
  const kept = await ada.page.evaluate(async () => {
    const names = ["notes-kept", "notes-kept-notes", "notes-drafts", "notes-documents", "notes-unsent"];
    const open = (name) =>
      new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
    const count = (store) => new Promise((done) => (store.count().onsuccess = (event) => done(event.target.result)));
    const databases = await Promise.all(names.map(open));
    return Promise.all(
      databases.flatMap((database) =>
        [...database.objectStoreNames].map((name) => count(database.transaction(name).objectStore(name))),
      ),
    );
  });
  assert.deepEqual(
    kept,
    kept.map(() => 0),
  );
  assert.ok(kept.length >= 2);
  await grace.listed(title).waitFor();
});

test("all tabs of a browser share one connection and its state", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  const [grace] = await testUsers(t, browser, 1);
  const title = titled("In every tab");
  await grace.write(title, "First.");
  const tabs = [ada, ada.at(await ada.openTab()), ada.at(await ada.openTab())];
  for (const tab of tabs) await tab.listed(title).waitFor();
  for (const tab of tabs) await tab.open(title);
  assert.equal(ada.wire.tunnels, 1);

  // All tabs receive the same state, and a later tab receives the current one.
  await grace.comment("For all of you.");
  for (const tab of tabs) await tab.commented("For all of you.").waitFor();
  const late = ada.at(await ada.openTab(new URL(ada.page.url()).hash));
  await late.commented("For all of you.").waitFor();
  await late.page.close();
  await grace.fill(title, "Second.");
  for (const tab of tabs) await tab.textIs("Second.");
  assert.equal(ada.wire.tunnels, 1);

  // Another note in another tab needs another connection as long as both are open.
  const another = titled("In one tab");
  await grace.write(another, "");
  await tabs[1].open(another);
  await grace.comment("Here.");
  await tabs[1].commented("Here.").waitFor();
  assert.equal(ada.wire.tunnels, 2);
  await tabs[1].page.close();
  await until(() => ada.wire.tunnels === 1, "the second connection ends");
});

test("tabs that cannot share a connection open one each", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  await ada.context.addInitScript(() => delete globalThis.SharedWorker);
  const tabs = [ada.at(await ada.openTab()), ada.at(await ada.openTab())];
  const title = titled("Shared by nobody");
  for (const tab of tabs) await tab.isConnected();
  assert.equal(ada.wire.tunnels, 3);
  await ada.write(title, "");
  for (const tab of tabs) await tab.listed(title).waitFor();
});

test("signing in or out at one tab applies to all tabs", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const other = ada.at(await ada.openTab());
  await other.isConnected();
  await ada.signOut();
  await other.heading("Sign in").waitFor();
  await other.signIn();
  await other.isConnected();
  await ada.isConnected();
});

test("the page reloads itself for a new version, but not while the user writes", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  let asked = 0;
  // Simulates a deployment: the server's page names another script from now on. A reload still gets the real script.
  let replaced = false;
  ada.wire.rewrite = ({ url, headers }) => {
    if (url !== `${address}/` || headers["sec-fetch-mode"] === "navigate") return undefined;
    asked += 1;
    const another = replaced;
    return (page) => (another ? page.replace(/index-[\w-]+\.js/, "index-next.js") : page);
  };
  const lost = async () => {
    const before = asked;
    ada.wire.drop();
    await until(() => asked > before, "the page looks for a newer one");
  };

  let loads = 0;
  ada.page.on("load", () => (loads += 1));
  await lost();
  await ada.isConnected();

  replaced = true;
  const title = titled("Half written");
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(title, "Half of it.");
  await lost();
  await ada.page.getByText("A new version of this page is available.").waitFor();
  assert.equal(await ada.title.inputValue(), title);
  await ada.textIs("Half of it.");
  assert.equal(loads, 0);

  await ada.isSaved();
  await ada.page.getByRole("button", { name: "Reload" }).click();
  await ada.textIs("Half of it.");
  await ada.isConnected();
  assert.equal(loads, 1);
});
