// The main story in two browsers: one user writes, and the other sees it without a reload.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { launch, TestUser, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("a reader sees notes created, edited and deleted without a reload", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  let loads = 0;
  grace.page.on("load", () => (loads += 1));
  const [first, second] = [titled("Plan"), titled("Better plan")];

  await ada.write(first, "One line.\nAnother line.");
  await grace.listed(first).waitFor();
  await grace.open(first);
  await grace.article.getByText("Another line.").waitFor();

  await ada.fill(second, "Only one line.");
  await grace.listed(second).waitFor();
  await grace.listed(first).waitFor({ state: "detached" });
  await grace.heading(second).waitFor();
  await grace.article.getByText("Only one line.").waitFor();

  await ada.delete();
  await ada.heading("Team").waitFor();
  await grace.listed(second).waitFor({ state: "detached" });
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
  await grace.page.getByRole("link", { name: "Back to the list" }).filter({ visible: true }).click();
  await grace.heading("Team").waitFor();

  assert.equal(loads, 0);
});

test("a title that is HTML is shown as text", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = `<img src=x onerror="document.title='owned'"> <b>${randomUUID().slice(0, 8)}</b>`;
  const body = "<script>document.title = 'owned'</script> & more";
  await ada.write(title, body);
  await grace.open(title);
  await grace.article.getByText(body).waitFor();
  for (const { page } of [ada, grace]) {
    assert.equal(await page.locator("img, #app b, #app script").count(), 0);
    assert.equal(await page.title(), `${title} – Notes`);
  }
});

/** Returns the names of the cookies. */
const [SESSION, DEVICE] = ["__Host-notes-session", "__Host-notes-device"];

test("scripts cannot read the session cookie", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const cookie = (await ada.context.cookies()).find(({ name }) => name === SESSION);
  assert.deepEqual(
    { httpOnly: cookie.httpOnly, secure: cookie.secure, sameSite: cookie.sameSite, path: cookie.path },
    { httpOnly: true, secure: true, sameSite: "Lax", path: "/" },
  );
  assert.equal(await ada.page.evaluate("document.cookie"), "");

  await ada.page.reload();
  await ada.isConnected();
});

test("a user who signs in again returns to the note they had open", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("Still here");
  await ada.write(title, "");
  await ada.signOut();
  const cookies = await ada.context.cookies();
  assert.deepEqual(
    cookies.map(({ name }) => name),
    [DEVICE],
  );
  assert.equal(await ada.listed(title).count(), 0);

  await ada.signIn();
  await ada.heading(title).waitFor();
  await ada.isConnected();
  await ada.listed(title).waitFor();
});

test("a wrong password and a taken username are reported", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const visitor = await TestUser.open(browser);
  t.after(() => visitor.context.close());
  await visitor.page.getByLabel("Username").fill(ada.username);
  await visitor.page.getByLabel("Password").fill("not the password");
  await visitor.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await visitor.page.getByText("The username or the password is wrong.").waitFor();

  await visitor.openSignUp();
  await visitor.page.getByLabel("Username").fill(ada.username);
  await visitor.page.getByLabel("Password").fill("another password");
  await visitor.page.getByRole("button", { name: "Create account" }).click();
  await visitor.page.getByText("Username is taken.").waitFor();
  assert.equal(await visitor.page.getByLabel("Username").getAttribute("aria-invalid"), "true");
});

test("the page can be installed with its name and icons", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const devtools = await ada.context.newCDPSession(ada.page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // Each context of these tests is like a private window, which does not install pages.
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"),
    [],
  );
  const { errors } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
});
