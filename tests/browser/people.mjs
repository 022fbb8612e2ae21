// The start of a team, and the management of people, in a cloud with the parameter SignUp=invitation.
//
// The tests are one story, in this order: the first account of a cloud is made once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, newUsername, PASSWORD, TestUser, titled } from "./browser.mjs";
import { violations } from "./violations.mjs";

const NEW_PASSWORD = "two gulls, one harbour";

let browser;
let ada;
let bob;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Fills and sends the form of a new account. */
async function createAccount({ page }, username) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** Invites somebody, and returns the link. */
async function invite({ page }) {
  await page.getByRole("button", { name: "Create invitation link" }).click();
  return link(page, "Invitation link");
}

/** Waits for a link other than `former`, and returns it. */
async function link(page, label, former = "") {
  const input = page.getByLabel(label);
  await input.waitFor();
  const handle = await input.elementHandle();
  await page.waitForFunction(([input, former]) => input.value !== former, [handle, former]);
  return input.inputValue();
}

/** Opens the view of the people as a user does. */
async function openPeople(user) {
  await user.goTo("#/account");
  await user.page.getByRole("link", { name: "Manage people" }).click();
  await user.heading("People").waitFor();
}

const button = (user, action, username) => user.page.getByRole("button", { name: `${action}: ${username}` });

test("the first account is the administrator's, and the page says so", async () => {
  ada = await TestUser.open(browser);
  ada.username = newUsername();
  await ada.openSignUp();
  await ada.page.getByText("This is the first account.").waitFor();
  await createAccount(ada, ada.username);
  await ada.isConnected();
});

test("a stranger without an invitation is told to ask for one", async () => {
  const stranger = await TestUser.open(browser);
  await stranger.page.getByRole("link", { name: "Create account" }).click();
  await stranger.page.getByText("You need an invitation.").waitFor();
  assert.equal(await stranger.page.getByLabel("Username").count(), 0);
  await stranger.leave();
});

test("an invited person creates an account, and the link leaves the address and works once", async () => {
  await openPeople(ada);
  assert.deepEqual(await violations(ada), []);
  const invitation = await invite(ada);
  assert.match(invitation, /^http.+\/#\/invitations\/[\w-]{43}$/);

  bob = await TestUser.open(browser);
  bob.username = newUsername();
  await bob.page.goto(invitation);
  await bob.page.getByLabel("Username").waitFor();
  assert.equal(new URL(bob.page.url()).hash, "#/sign-up");
  await createAccount(bob, bob.username);
  await bob.isConnected();
  assert.equal(await bob.page.getByRole("link", { name: "Manage people" }).count(), 0);

  const late = await TestUser.open(browser);
  await late.page.goto(invitation);
  await createAccount(late, newUsername());
  await late.page.getByText("This invitation has been used or revoked, or has expired.").waitFor();
  await late.leave();
});

test("a revoked invitation creates no account", async () => {
  await ada.page.reload();
  const invitation = await invite(ada);
  await ada.page.getByRole("button", { name: "Revoke" }).first().click();
  await ada.page.getByText("The invitation is revoked.").waitFor({ state: "attached" });
  const late = await TestUser.open(browser);
  await late.page.goto(invitation);
  await createAccount(late, newUsername());
  await late.page.getByText("This invitation has been used or revoked, or has expired.").waitFor();
  await late.leave();
});

test("a person who is disabled while writing is signed out, and comes back once enabled", async () => {
  await bob.write(titled("By bob"), "Still here.");
  await ada.page.reload();
  await button(ada, "Disable", bob.username).click();
  await bob.page.getByText("Your session has ended. Sign in to continue.").waitFor();
  await bob.signIn();
  await bob.page.getByText("An administrator disabled this account.").waitFor();

  await button(ada, "Enable", bob.username).click();
  await button(ada, "Disable", bob.username).waitFor();
  await bob.signIn();
  await bob.isConnected();
});

test("a person sets a new password with a link, once", async () => {
  await button(ada, "Create password link", bob.username).click();
  const address = await link(ada.page, `Link for ${bob.username} to set a new password`);
  await bob.page.goto(address);
  await bob.page.getByLabel("New password").fill(NEW_PASSWORD);
  assert.ok(!bob.page.url().includes(bob.username), "the link has left the address");
  await bob.page.getByRole("button", { name: "Set password" }).click();
  await bob.isConnected();

  const late = await TestUser.open(browser);
  await late.page.goto(address);
  await late.page.getByLabel("New password").fill(PASSWORD);
  await late.page.getByRole("button", { name: "Set password" }).click();
  await late.page.getByText("The link has been used or replaced, or has expired.").waitFor();
  await late.leave();
});

test("the last administrator keeps the role, and a second one can take over", async () => {
  await button(ada, "Withdraw administrator", ada.username).click();
  await ada.page.getByRole("alert").getByText("This is the only administrator.").waitFor();
  await button(ada, "Make administrator", bob.username).click();
  await button(ada, "Withdraw administrator", bob.username).waitFor();
  await button(ada, "Withdraw administrator", ada.username).click();
  await button(ada, "Make administrator", ada.username).waitFor();
});

test("an administrator removes a person, whose notes stay, and all of it is in the activity", async () => {
  await openPeople(bob);
  await button(bob, "Remove…", ada.username).click();
  await bob.page.getByRole("dialog").getByRole("button", { name: "Remove account permanently" }).click();
  await bob.page.getByText(`${ada.username} is removed.`).waitFor({ state: "attached" });
  await ada.page.getByText("Your session has ended. Sign in to continue.").waitFor();
  for (const line of [
    `${ada.username} created the first account.`,
    `${bob.username} joined with an invitation by ${ada.username}.`,
    `${ada.username} disabled ${bob.username}.`,
    `${bob.username} removed ${ada.username}.`,
  ]) {
    await bob.page.getByText(line).waitFor();
  }
  assert.deepEqual(await violations(bob), []);
  for (const user of [ada, bob]) {
    assert.deepEqual(user.errors, []);
    await user.leave();
  }
});
