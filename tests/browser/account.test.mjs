// The account view: sessions, a new password, and deletion.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, newUsername, PASSWORD, TestUser, testUsers, until } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens the account view of a user. */
async function atAccount(person) {
  await person.page.getByTitle(`Your account, ${person.username}`).click();
  await person.heading("Account").waitFor();
}

const section = (person, name) => person.page.getByRole("region", { name, exact: true });
const sessionsOf = (person) => section(person, "Sessions").getByRole("listitem");

/** Signs the same user in at another browser. */
async function elsewhere(test, person) {
  const other = await TestUser.open(browser);
  test.after(() => other.context.close());
  other.username = person.username;
  await other.signIn();
  await other.isConnected();
  return other;
}

async function changePassword(person, current, next) {
  const form = section(person, "Change password");
  await form.getByLabel("Current password").fill(current);
  await form.getByLabel("New password").fill(next);
  await form.getByRole("button", { name: "Change password" }).click();
  return form;
}

test("a user sees their sessions and ends them", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [phone, laptop] = [await elsewhere(t, ada), await elsewhere(t, ada)];
  await atAccount(ada);
  assert.equal(await section(ada, "Profile").getByText(ada.username).first().isVisible(), true);
  await sessionsOf(ada).nth(2).waitFor();
  assert.equal(await sessionsOf(ada).filter({ hasText: "this session" }).count(), 1);
  assert.equal(await sessionsOf(ada).filter({ hasText: "Chrome on Linux" }).count(), 3);

  await section(ada, "Sessions").getByRole("button", { name: "End session" }).first().press("Enter");
  await sessionsOf(ada).nth(2).waitFor({ state: "detached" });
  await ada.page.getByText("The session of Chrome on Linux has ended.").waitFor({ state: "attached" });
  await ada.page.waitForFunction(() => document.activeElement.textContent === "Sessions");
  const signedOut = (person) => person.page.getByText("Your session has ended.").waitFor();
  await Promise.any([signedOut(phone), signedOut(laptop)]);

  await ada.page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await Promise.all([signedOut(phone), signedOut(laptop)]);
  await sessionsOf(ada).nth(1).waitFor({ state: "detached" });
  assert.equal(await sessionsOf(ada).count(), 1);
  assert.equal(await ada.page.getByRole("button", { name: "Sign out everywhere else" }).count(), 0);
});

test("a user who knows the password changes it, and only the new one works afterwards", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const other = await elsewhere(t, ada);
  await atAccount(ada);
  await sessionsOf(ada).nth(1).waitFor();

  const form = await changePassword(ada, "not my password", "two gulls, one harbour");
  await form.getByText("Current password is wrong.").waitFor();
  await changePassword(ada, PASSWORD, "password1");
  await form.getByText("New password is easy to guess. Use three or four unrelated words.").waitFor();
  await changePassword(ada, PASSWORD, "two gulls, one harbour");
  await form.getByText("Password changed.").waitFor();
  assert.equal(await form.getByLabel("Current password").inputValue(), "");
  await sessionsOf(ada).nth(1).waitFor({ state: "detached" });
  await other.page.getByText("Your session has ended.").waitFor();
  // The page that changed it continues with a new session, after the connection of the old one is closed.
  await ada.isConnected();
  await ada.heading("Account").waitFor();

  await other.signIn();
  await other.page.getByText("The username or the password is wrong.").waitFor();
  await other.page.getByLabel("Password").fill("two gulls, one harbour");
  await other.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await other.isConnected();
  await ada.page.reload();
  await ada.isConnected();
});

test("the page shows how strong a new password is, and shows the password on request", async (t) => {
  const visitor = await TestUser.open(browser);
  t.after(() => visitor.context.close());
  await visitor.openSignUp();
  await visitor.page.getByLabel("Username").fill("ada-lovelace");
  const password = visitor.page.getByLabel("Password");
  const button = visitor.page.getByRole("button", { name: "Create account" });
  const place = await button.boundingBox();
  await password.fill("qwertyuiop");
  await visitor.page.getByText("Very weak: it is one of the 100 most common passwords.").waitFor();
  assert.deepEqual(await button.boundingBox(), place, "the hint does not move the button");
  assert.equal(await visitor.page.getByRole("meter").evaluate((meter) => meter.value), 1);
  await password.fill("ada-lovelace1");
  await visitor.page.getByText("Very weak: it is little more than your name or the name of this site.").waitFor();
  await password.fill("two gulls, one harbour");
  await visitor.page.getByText("Very strong.").waitFor();

  const show = visitor.page.getByRole("button", { name: "Show password" });
  assert.equal(await password.getAttribute("type"), "password");
  await show.click();
  assert.notEqual(await password.getAttribute("type"), "password");
  assert.equal(await show.getAttribute("aria-pressed"), "true");
  await show.click();
  assert.equal(await password.getAttribute("type"), "password");
  assert.equal(await password.inputValue(), "two gulls, one harbour");
  assert.deepEqual(visitor.errors, []);
});

test("the page asks how strong a password is when somebody stops typing, and shows no answer about another one", async (t) => {
  // The test cannot block requests of a service worker.
  const visitor = await TestUser.open(browser, { serviceWorkers: "block" });
  t.after(() => visitor.context.close());
  const held = [];
  await visitor.page.route("**/api/password-strength", (route) => held.push(route));
  await visitor.openSignUp();
  const password = visitor.page.getByLabel("Password");
  await password.evaluate((input) => {
    for (const typed of ["q", "qw", "qwertyuiop"]) {
      input.value = typed;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  await until(() => held.length === 1, "the first question");
  assert.equal(held[0].request().postDataJSON().password, "qwertyuiop");
  await held[0].continue();
  const weak = visitor.page.getByText("Very weak: it is one of the 100 most common passwords.");
  await weak.waitFor();

  await password.fill("two gulls");
  await weak.waitFor({ state: "detached" });
  assert.equal(await visitor.page.getByRole("meter").count(), 0);
  await until(() => held.length === 2, "the second question");
  const given = visitor.page.waitForEvent("requestfailed", (request) => request === held[1].request());
  await password.fill("two gulls, one harbour");
  await given;
  await until(() => held.length === 3, "the third question");
  await held[2].continue();
  await visitor.page.getByText("Very strong.").waitFor();
  assert.deepEqual(visitor.errors, []);
});

test("sign-up works without the strength hint if the server does not say it", async (t) => {
  // The test cannot block requests of a service worker.
  const visitor = await TestUser.open(browser, { serviceWorkers: "block" });
  t.after(() => visitor.context.close());
  await visitor.page.route("**/api/password-strength", (route) => route.abort());
  const failed = visitor.page.waitForEvent("requestfailed", (request) => request.url().endsWith("/password-strength"));
  await visitor.openSignUp();
  await visitor.page.getByLabel("Username").fill(newUsername());
  await visitor.page.getByLabel("Password").fill(PASSWORD);
  await failed;
  assert.equal(await visitor.page.getByRole("meter").count(), 0);
  assert.equal(await visitor.page.getByRole("alert").count(), 0);
  await visitor.page.getByRole("button", { name: "Create account" }).click();
  await visitor.isConnected();
  assert.deepEqual(visitor.errors, []);
});

test("a user who knows the password deletes the account", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await atAccount(ada);
  await ada.page.getByRole("button", { name: "Delete account…" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Delete account" });
  await dialog.getByLabel("Your password").fill("not my password");
  await dialog.getByRole("button", { name: "Delete account permanently" }).click();
  await dialog.getByText("Your password is wrong.").waitFor();
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Delete account permanently" }).click();
  await ada.heading("Sign in").waitFor();
  await ada.signIn();
  await ada.page.getByText("The username or the password is wrong.").waitFor();
});
