// Passkeys, with Chromium's virtual authenticator: added in the account view, used to sign in, and removed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, PASSWORD, TestUser, testUsers } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Gives a page an authenticator, which says yes by itself unless it is told otherwise. */
async function addAuthenticator({ context, page }) {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Says whether the user's fingerprint is right from now on. */
    verify: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

const passkeys = (user) => user.page.getByRole("region", { name: "Passkeys", exact: true });
const rows = (user) => passkeys(user).getByRole("listitem");

async function openAccount(user) {
  await user.page.getByTitle(`Your account, ${user.username}`).click();
  await user.heading("Account").waitFor();
}

async function add(user, name, password = PASSWORD) {
  if (name !== undefined) await passkeys(user).getByLabel("Passkey name").fill(name);
  await passkeys(user).getByLabel("Current password").fill(password);
  await passkeys(user).getByRole("button", { name: "Add passkey" }).click();
}

const signIn = (user) => user.page.getByRole("button", { name: "Sign in with a passkey" }).click();

test("a user adds a passkey, signs in with it, and removes it, which ends its use", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const authenticator = await addAuthenticator(ada);
  await openAccount(ada);
  await passkeys(ada).getByText("instead of your password").waitFor();

  await add(ada, "Phone", "not my password");
  await passkeys(ada).getByText("Current password is wrong.").waitFor();
  assert.deepEqual(await authenticator.credentials(), [], "a wrong password leaves nothing on the device");
  await add(ada, "Phone");
  await rows(ada).filter({ hasText: "Phone" }).getByText("never used").waitFor();
  await passkeys(ada).getByText("The passkey “Phone” is added.").waitFor({ state: "attached" });
  assert.equal(await passkeys(ada).getByLabel("Current password").inputValue(), "");
  assert.equal(await passkeys(ada).getByLabel("Passkey name").inputValue(), "Chrome on Linux");

  // The same device has one passkey only.
  await add(ada);
  await passkeys(ada).getByText("This device already has a passkey").waitFor();
  assert.equal((await authenticator.credentials()).length, 1);

  await ada.signOut();
  await signIn(ada);
  await ada.isConnected();
  await openAccount(ada);
  await rows(ada).getByText("last used just now").waitFor();
  assert.equal(await passkeys(ada).getByText("never used").count(), 0);

  await passkeys(ada).getByRole("button", { name: "Remove passkey Phone" }).press("Enter");
  await rows(ada).waitFor({ state: "detached" });
  await passkeys(ada).getByText("The passkey “Phone” is removed.").waitFor({ state: "attached" });
  await ada.page.waitForFunction(() => document.activeElement.textContent === "Passkeys");
  await ada.signOut();
  await signIn(ada);
  await ada.page.getByRole("alert").getByText("This passkey is not accepted here.").waitFor();
  // The password still works.
  await ada.signIn();
  await ada.isConnected();
});

test("a prompt that the user cancels or fails leaves a quiet message", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const authenticator = await addAuthenticator(ada);
  await openAccount(ada);
  await authenticator.verify(false);
  await add(ada, "Phone");
  await passkeys(ada).getByRole("status").getByText("No passkey was used.").waitFor();
  assert.equal(await passkeys(ada).getByRole("alert").count(), 0);
  await authenticator.verify(true);
  await add(ada, "Phone");
  await rows(ada).filter({ hasText: "Phone" }).waitFor();

  await ada.signOut();
  await authenticator.verify(false);
  await signIn(ada);
  await ada.page.getByRole("status").getByText("No passkey was used.").waitFor();
  await authenticator.verify(true);
  await signIn(ada);
  await ada.isConnected();
});

test("a browser without passkeys shows nothing of them", async (t) => {
  const user = await TestUser.open(browser);
  t.after(() => user.context.close());
  const button = user.page.getByRole("button", { name: "Sign in with a passkey" });
  await button.waitFor();
  await user.context.addInitScript(() => {
    delete globalThis.PublicKeyCredential;
  });
  await user.page.reload();
  await user.heading("Sign in").waitFor();
  assert.equal(await button.count(), 0);
  assert.deepEqual(user.errors, []);
});
