// Signing out and other ends of a session: unsaved text is never deleted without a question to its author.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, TestUser, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const question = ({ page }) => page.getByRole("dialog", { name: "Sign out" });
const signOut = ({ page }) => page.getByRole("button", { name: "Sign out", exact: true }).click();

/** Begins a text without a title, which cannot be saved, in another tab. */
async function write(person, text) {
  const tab = person.at(await person.openTab("/#/new"));
  await tab.field("Text").fill(text);
  await tab.page.getByText("Not saved yet: a note needs a title").waitFor();
  return tab;
}

/** Ways to have unsaved text outside of the tab where the user signs out. */
const elsewhere = [
  ["in another tab", (ada) => write(ada, "Not saved.")],
  ["in a tab that was closed", async (ada) => void (await (await write(ada, "Not saved.")).page.close())],
  [
    "as a comment in another tab",
    async (ada) => {
      const title = titled("Commented on");
      await ada.write(title, "");
      const tab = ada.at(await ada.openTab(`/${new URL(ada.page.url()).hash}`));
      await tab.page.getByLabel("Write a comment").fill("Not added.");
    },
  ],
];

for (const [where, begin] of elsewhere) {
  test(`a user with unsaved text is asked before signing out when it is ${where}`, async (t) => {
    const [ada] = await testUsers(t, browser, 1);
    await begin(ada);
    await signOut(ada);
    await question(ada).getByText("You have 1 unsaved text.").waitFor();
    await question(ada).getByRole("button", { name: "Stay signed in" }).click();
    await ada.isConnected();
    await signOut(ada);
    await question(ada).getByRole("button", { name: "Sign out and delete" }).click();
    await ada.heading("Sign in").waitFor();
    await ada.signIn();
    await ada.isConnected();
    await signOut(ada);
    await ada.heading("Sign in").waitFor();
  });
}

test("staying signed in keeps the text in the other tab, and signing out deletes it everywhere", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const tab = await write(ada, "Not saved.");
  await signOut(ada);
  await question(ada).getByRole("button", { name: "Stay signed in" }).click();
  assert.equal(await tab.field("Text").inputValue(), "Not saved.");
  await signOut(ada);
  await question(ada).getByRole("button", { name: "Sign out and delete" }).click();
  await tab.heading("Sign in").waitFor();
  await tab.signIn();
  await tab.heading("New note").waitFor();
  assert.equal(await tab.field("Text").inputValue(), "");
});

test("signing out saves text in another tab without a question if it can", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Just typed");
  const tab = ada.at(await ada.openTab("/#/new"));
  await tab.fill(title, "Typed a moment ago.");
  await signOut(ada);
  await ada.heading("Sign in").waitFor();
  await grace.open(title);
  await grace.page.getByText("Typed a moment ago.").waitFor();
});

test("unsaved text waits for its author after the session ended, even if others sign in", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const grace = await TestUser.signedUp(browser);
  t.after(() => grace.leave());
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.field("Text").fill("Ada's, not saved.");
  await ada.page.getByText("Not saved yet: a note needs a title").waitFor();
  await ada.context.request.delete(`${address}/api/session`);
  await ada.page.getByText("Your session has ended").waitFor();

  const guest = Object.assign(ada.at(ada.page), { username: grace.username });
  await guest.signIn();
  await guest.heading("New note").waitFor();
  assert.equal(await guest.field("Text").inputValue(), "");
  await signOut(guest);
  await guest.heading("Sign in").waitFor();

  await ada.signIn();
  await ada.heading("New note").waitFor();
  await ada.page.waitForFunction(() => document.querySelector(".editor textarea")?.value === "Ada's, not saved.");
});

test("a user who deletes the account is told about unsaved text", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await write(ada, "Not saved.");
  await ada.page.getByTitle(`Your account, ${ada.username}`).click();
  await ada.page.getByRole("button", { name: "Delete account…" }).click();
  await ada.page.getByRole("dialog").getByText("You have 1 unsaved text.").waitFor();
});
