// Text that could not be sent: it survives closed tabs, crashes, reloads and ended sessions, and is sent once it can be.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const listed = ({ page }) => page.getByRole("region", { name: "Not sent yet" });

test("a text is there, once and merged, after its tab was closed at once", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Closed");
  await ada.write(title, "one\ntwo");
  await grace.open(title);
  await grace.textIs("one\ntwo");
  const hash = new URL(ada.page.url()).hash;
  await ada.text.press("Control+End");
  await ada.page.keyboard.type(" typed");
  await ada.page.close();
  await grace.text.press("Control+Home");
  await grace.page.keyboard.type("zero\n");
  const back = ada.at(await ada.openTab(`/${hash}`));
  for (const person of [back, grace]) await person.textIs("zero\none\ntwo typed");
  await back.isSaved();
});

test("a text survives a tab that is killed, and is sent by the next", async (t) => {
  // A worker that died with its tab does not always start again under the debugger of these tests, so the next page waits for
  // it. In this test, pages work without workers.
  const [ada] = await testUsers(t, browser, 1, { wired: true, serviceWorkers: "block" });
  const [grace] = await testUsers(t, browser, 1);
  await ada.context.addInitScript(() => delete globalThis.SharedWorker);
  await ada.page.reload();
  const [fresh, edited] = [titled("Never sent"), titled("Edited")];
  await ada.write(edited, "As it was.");
  ada.wire.cut();
  await ada.isOffline();
  await ada.text.press("Control+End");
  await ada.page.keyboard.type(" And more.");
  await ada.isKept();
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.page.keyboard.type("Typed just now.");
  await ada.title.fill(fresh);
  await listed(ada).getByRole("link", { name: edited }).waitFor();
  await ada.isKept();
  await ada.page.goto("chrome://crash").catch(() => {});
  ada.wire.mend();

  // The next tab sends both, though neither is open.
  const back = ada.at(await ada.openTab("/#/boards/team"));
  await grace.open(edited);
  await grace.textIs("As it was. And more.");
  await grace.open(fresh);
  await grace.textIs("Typed just now.");
  await listed(back).waitFor({ state: "detached" });
});

test("a text that was written offline is there after a reload, and sent once the connection is back", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  const [grace] = await testUsers(t, browser, 1);
  const [known, fresh] = [titled("Known"), titled("Fresh")];
  await ada.write(known, "Before.");
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  ada.wire.cut();
  await ada.isOffline();
  await ada.text.press("Control+End");
  await ada.page.keyboard.type(" Offline.");
  await ada.isKept();
  await ada.page.reload();
  await ada.textIs("Before. Offline.");
  await ada.isKept();

  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.page.keyboard.type("All of it offline.");
  await ada.title.fill(fresh);
  await ada.isKept();
  await ada.page.reload();
  await ada.textIs("All of it offline.");
  assert.equal(await ada.title.inputValue(), fresh);
  await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
  for (const title of [known, fresh]) await listed(ada).getByRole("link", { name: title }).waitFor();

  ada.wire.mend();
  await grace.open(fresh);
  await grace.textIs("All of it offline.");
  await grace.open(known);
  await grace.textIs("Before. Offline.");
  await listed(ada).waitFor({ state: "detached" });
});

test("what two people wrote while one was offline is merged", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const title = titled("Merged");
  await ada.write(title, "one\ntwo\nthree");
  await grace.open(title);
  await grace.textIs("one\ntwo\nthree");
  grace.wire.cut();
  await grace.isOffline();
  await grace.text.press("Control+End");
  await grace.page.keyboard.type(" Grace's");
  await ada.text.press("Control+Home");
  await ada.page.keyboard.type("Ada's ");
  await ada.isSaved();
  await grace.isKept();
  grace.wire.mend();
  for (const person of [ada, grace]) await person.textIs("Ada's one\ntwo\nthree Grace's");
  await grace.isSaved();
});

test("a session that ends elsewhere keeps the text, and signing in again returns to it", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  const [grace] = await testUsers(t, browser, 1);
  const title = titled("Half written");
  await ada.write(title, "First.");
  await ada.text.press("Control+End");
  ada.wire.swallows = (frame) => /^42\/notes,\d*\["edit"/.test(frame);
  await ada.page.keyboard.type(" Second.");
  await ada.context.request.delete(`${address}/api/session`);
  await ada.page.getByText("Your session has ended").waitFor();
  ada.wire.swallows = () => false;
  await ada.signIn();
  await ada.textIs("First. Second.");
  await ada.isSaved();
  await grace.open(title);
  await grace.textIs("First. Second.");
});

test("two tabs of a note show the same text, also offline", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  await ada.write(titled("In two tabs"), "one");
  const other = ada.at(await ada.openTab(`/${new URL(ada.page.url()).hash}`));
  await other.textIs("one");
  ada.wire.cut();
  for (const tab of [ada, other]) await tab.isOffline();
  await other.text.press("Control+End");
  await other.page.keyboard.type(" two");
  await ada.textIs("one two");
  await ada.page.bringToFront();
  await ada.text.press("Control+Home");
  await ada.page.keyboard.type("zero ");
  await other.textIs("zero one two");
  ada.wire.mend();
  for (const tab of [ada, other]) await tab.isSaved();
});
