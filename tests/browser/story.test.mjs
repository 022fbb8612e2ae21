// The main story, in two browsers: what one writes, the other sees, without a reload.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Person, address, launch, people, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("what one person writes, edits and deletes, another sees change without a reload", async (t) => {
  const [ada, grace] = await people(t, browser, 2);
  let loads = 0;
  grace.page.on("load", () => (loads += 1));
  const [first, second] = [titled("Plan"), titled("Better plan")];

  await ada.write(first, "One line.\nAnother line.");
  await grace.listed(first).waitFor();
  await grace.open(first);
  await grace.page.getByText("Another line.").waitFor();

  await ada.edit();
  await ada.fill(second, "Only one line.");
  await ada.save();
  await grace.listed(second).waitFor();
  await grace.listed(first).waitFor({ state: "detached" });
  await grace.heading(second).waitFor();
  await grace.page.getByText("Only one line.").waitFor();

  await ada.heading(second).waitFor();
  await ada.delete();
  await ada.heading("Notes").waitFor();
  await grace.listed(second).waitFor({ state: "detached" });
  await grace.heading("This note was deleted").waitFor();
  await grace.page.getByRole("link", { name: "Back to the list" }).click();
  await grace.heading("Notes").waitFor();

  assert.equal(loads, 0);
});

test("a title that is HTML is shown as text", async (t) => {
  const [ada, grace] = await people(t, browser, 2);
  const title = `<img src=x onerror="document.title='owned'"> <b>${randomUUID().slice(0, 8)}</b>`;
  const body = "<script>document.title = 'owned'</script>&amp;";
  await ada.write(title, body);
  await grace.open(title);
  await grace.page.getByText(body).waitFor();
  for (const { page } of [ada, grace]) {
    assert.equal(await page.locator("img, #app b, #app script").count(), 0);
    assert.equal(await page.title(), `${title} – Notes`);
  }
});

test("the browser keeps the session's cookie, out of reach of scripts", async (t) => {
  const [ada] = await people(t, browser, 1);
  const cookies = await ada.context.cookies();
  const [cookie] = cookies;
  assert.equal(cookies.length, 1);
  assert.equal(cookie.name, "__Host-notes-session");
  assert.deepEqual(
    { httpOnly: cookie.httpOnly, secure: cookie.secure, sameSite: cookie.sameSite, path: cookie.path },
    { httpOnly: true, secure: true, sameSite: "Lax", path: "/" },
  );
  assert.equal(await ada.page.evaluate("document.cookie"), "");

  await ada.page.reload();
  await ada.isConnected();
});

test("the page says whether it is connected, and catches up when it is again", async (t) => {
  const [ada, grace] = await people(t, browser, 2);
  const title = titled("Meanwhile");
  // Going offline keeps new connections from being made, and leaves one that stands: that is ended by hand.
  let endConnection;
  await grace.page.routeWebSocket(/\/socket\.io\//, (socket) => {
    socket.connectToServer();
    endConnection = () => socket.close();
  });
  await grace.page.reload();
  await grace.isConnected();
  assert.equal(await grace.page.getByText("Connected", { exact: true }).getAttribute("aria-live"), "polite");

  await grace.context.setOffline(true);
  endConnection();
  await grace.page.getByText("Offline: ").waitFor();
  await ada.write(title, "");
  assert.equal(await grace.listed(title).count(), 0);

  await grace.context.setOffline(false);
  await grace.isConnected();
  await grace.listed(title).waitFor();
});

test("a page that was replaced meanwhile is gone to, but not while something is being written", async (t) => {
  const [ada] = await people(t, browser, 1);
  let endConnection;
  await ada.page.routeWebSocket(/\/socket\.io\//, (socket) => {
    socket.connectToServer();
    endConnection = () => socket.close();
  });
  await ada.page.reload();
  await ada.isConnected();
  let asked = 0;
  const lost = async () => {
    const before = asked;
    endConnection();
    await ada.page.waitForEvent("requestfinished", (request) => request.url() === `${address}/`);
    assert.equal(asked, before + 1);
  };
  // A deployment: the page that the server has from now on names another script. (Who goes to it finds the one there is.)
  let replaced = false;
  await ada.page.route(`${address}/`, async (route) => {
    if (route.request().isNavigationRequest()) return route.continue();
    asked += 1;
    const answer = await route.fetch();
    const page = await answer.text();
    await route.fulfill({
      response: answer,
      body: replaced ? page.replace(/index-[\w-]+\.js/, "index-next.js") : page,
    });
  });

  let loads = 0;
  ada.page.on("load", () => (loads += 1));
  await lost();
  await ada.isConnected();

  replaced = true;
  const title = titled("Half written");
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(title, "Not saved yet.");
  await lost();
  await ada.page.getByText("A newer version of this page is there.").waitFor();
  assert.equal(await ada.page.getByLabel("Title").inputValue(), title);
  await ada.save();
  await ada.heading(title).waitFor();
  assert.equal(loads, 0);

  await Promise.all([ada.page.waitForEvent("load"), endConnection()]);
  await ada.heading(title).waitFor();
  await ada.isConnected();
});

test("who signs out is asked to sign in, and comes back to the note they were at", async (t) => {
  const [ada] = await people(t, browser, 1);
  const title = titled("Still here");
  await ada.write(title, "");
  await ada.signOut();
  assert.deepEqual(await ada.context.cookies(), []);
  assert.equal(await ada.listed(title).count(), 0);

  await ada.signIn();
  await ada.heading(title).waitFor();
  await ada.isConnected();
  await ada.listed(title).waitFor();
});

test("a session that ends elsewhere ends here, and takes no text with it", async (t) => {
  const [ada] = await people(t, browser, 1);
  const elsewhere = await ada.context.newPage();
  const title = titled("Half written");
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(title, "Not saved yet.");

  await elsewhere.goto(address);
  await elsewhere.getByRole("button", { name: "Sign out" }).click();
  await elsewhere.getByRole("heading", { name: "Sign in" }).waitFor();
  await elsewhere.close();
  await ada.page.getByText("Your session has ended").waitFor();

  await ada.signIn();
  await ada.heading("New note").waitFor();
  assert.equal(await ada.page.getByLabel("Title").inputValue(), title);
  await ada.save();
  await ada.heading(title).waitFor();
  await ada.listed(title).waitFor();
});

test("two who edit one note: the second is shown both texts and chooses", async (t) => {
  const [ada, grace] = await people(t, browser, 2);
  const title = titled("Shared");
  await ada.write(title, "The beginning.");
  await grace.open(title);
  await Promise.all([ada.edit(), grace.edit()]);

  await ada.fill(title, "What Ada wrote.");
  await ada.save();
  await ada.heading(title).waitFor();

  await grace.fill(title, "What Grace wrote.");
  await grace.save();
  const conflict = grace.page.getByRole("region", { name: "Someone changed this note" });
  await conflict.waitFor();
  await conflict.getByText("What Ada wrote.").waitFor();
  assert.equal(await grace.page.getByLabel("Text").inputValue(), "What Grace wrote.");
  await ada.page.getByText("What Ada wrote.").waitFor();

  await conflict.getByRole("button", { name: "Save mine over it" }).click();
  await grace.heading(title).waitFor();
  await grace.page.getByText("What Grace wrote.").waitFor();
  await ada.page.getByText("What Grace wrote.").waitFor();
});

test("who edits a note that another changed can keep the other's text", async (t) => {
  const [ada, grace] = await people(t, browser, 2);
  const title = titled("Shared");
  await ada.write(title, "The beginning.");
  await grace.open(title);
  await Promise.all([ada.edit(), grace.edit()]);
  await ada.fill(title, "What Ada wrote.");
  await ada.save();
  await ada.heading(title).waitFor();
  await grace.fill(title, "What Grace wrote.");
  await grace.save();
  await grace.page.getByRole("button", { name: "Keep theirs, drop mine" }).click();
  await grace.heading(title).waitFor();
  await grace.page.getByText("What Ada wrote.").waitFor();
});

test("a wrong password is said, and another's username is taken", async (t) => {
  const [ada] = await people(t, browser, 1);
  const stranger = await Person.arrive(browser);
  t.after(() => stranger.context.close());
  await stranger.page.getByLabel("Username").fill(ada.username);
  await stranger.page.getByLabel("Password").fill("not the password");
  await stranger.page.getByRole("button", { name: "Sign in" }).click();
  await stranger.page.getByText("The username or the password is wrong.").waitFor();

  await stranger.page.getByRole("link", { name: "Make an account" }).click();
  await stranger.page.getByLabel("Username").fill(ada.username);
  await stranger.page.getByLabel("Password").fill("another password");
  await stranger.page.getByRole("button", { name: "Make the account" }).click();
  await stranger.page.getByText("Username is taken.").waitFor();
  assert.equal(await stranger.page.getByLabel("Username").getAttribute("aria-invalid"), "true");
});

test("the page is worked by keyboard alone, and the focus follows the view", async (t) => {
  const [ada] = await people(t, browser, 1);
  const title = titled("By hand");
  const isFocused = (text) => ada.page.waitForFunction((it) => document.activeElement.textContent === it, text);

  await ada.page.getByRole("link", { name: "New note" }).focus();
  await ada.page.keyboard.press("Enter");
  await ada.heading("New note").waitFor();
  await isFocused("New note");
  await ada.page.keyboard.press("Tab");
  await ada.page.keyboard.type(title);
  await ada.page.keyboard.press("Enter");
  await ada.heading(title).waitFor();
  await isFocused(title);

  await ada.page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
  await ada.page.getByRole("dialog").waitFor();
  await isFocused("Keep it");
  await ada.page.keyboard.press("Escape");
  await ada.page.getByRole("dialog").waitFor({ state: "detached" });
  await isFocused("Delete");
});

test("notes older than the live list are shown when they are asked for, and none twice", async (t) => {
  const [ada] = await people(t, browser, 1);
  const prefix = titled("Many");
  const oldest = `${prefix} no 0`;
  for (let number = 0; number <= 110; number += 1) {
    const data = { title: `${prefix} no ${number}`, body: "" };
    const answer = await ada.context.request.post(`${address}/api/notes`, { data });
    assert.equal(answer.status(), 201);
  }
  await ada.listed(`${prefix} no 110`).waitFor();
  assert.equal(await ada.listed(oldest).count(), 0);

  // The list was sent in full; what follows it comes a page at a time.
  while ((await ada.listed(oldest).count()) === 0) {
    const before = await ada.titles().count();
    await ada.page.getByRole("button", { name: "Show older notes" }).click();
    await ada.titles().nth(before).waitFor();
  }
  const ours = (await ada.titles().allTextContents()).filter((title) => title.startsWith(prefix));
  assert.deepEqual(ours, Array.from({ length: 111 }, (_, index) => `${prefix} no ${110 - index}`));
});
