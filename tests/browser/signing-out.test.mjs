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

/** Writes a new note in another tab. It cannot be sent until the returned function is called. */
async function write(person, text) {
  const url = "**/api/boards/team/notes/*";
  const refuse = (route) => (route.request().method() === "PUT" ? route.abort() : route.continue());
  await person.context.route(url, refuse);
  const tab = person.at(await person.openTab("/#/new"));
  await tab.replaceText(text);
  await tab.isKept();
  return { tab, release: () => person.context.unroute(url, refuse) };
}

/** Ways to have unsaved text outside of the tab where the user signs out. */
const elsewhere = [
  ["in another tab", (ada) => write(ada, "Not saved.")],
  ["in a tab that was closed", async (ada) => void (await (await write(ada, "Not saved.")).tab.page.close())],
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
  const [ada, grace] = await testUsers(t, browser, 2);
  const text = titled("Not saved");
  const { tab, release } = await write(ada, text);
  await signOut(ada);
  await question(ada).getByRole("button", { name: "Stay signed in" }).click();
  await tab.textIs(text);
  await signOut(ada);
  await question(ada).getByRole("button", { name: "Sign out and delete" }).click();
  await tab.heading("Sign in").waitFor();
  await release();
  await tab.signIn();
  await tab.isConnected();
  await tab.page.getByRole("link", { name: "Notes", exact: true }).click();
  await tab.heading("Team").waitFor();
  assert.equal(await tab.page.getByText("Not sent yet").count(), 0);
  const { notelist } = await (await grace.context.request.get(`${address}/api/boards/team/notes`)).json();
  const bodies = notelist.filter(({ editor }) => editor === ada.username);
  assert.deepEqual(bodies, []);
});

test("signing out saves text in another tab without a question if it can", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Just typed");
  const tab = ada.at(await ada.openTab("/#/new"));
  await tab.fill(title, "Typed a moment ago.");
  await signOut(ada);
  await ada.heading("Sign in").waitFor();
  await grace.open(title);
  await grace.textIs("Typed a moment ago.");
});

test("unsaved text waits for its author after the session ended, even if others sign in", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const grace = await TestUser.signedUp(browser);
  t.after(() => grace.leave());
  const title = titled("Ada's");
  const { tab, release } = await write(ada, "Not saved.");
  await tab.title.fill(title);
  await tab.isKept();
  await ada.page.close();
  await ada.context.request.delete(`${address}/api/session`);
  await tab.page.reload();
  await tab.heading("Sign in").waitFor();

  const guest = Object.assign(tab.at(tab.page), { username: grace.username });
  await guest.signIn();
  await guest.textIs("");
  await release();
  assert.equal(await guest.page.getByText("Not sent yet").count(), 0);
  await signOut(guest);
  await guest.heading("Sign in").waitFor();

  await tab.signIn();
  await tab.open(title);
  await tab.textIs("Not saved.");
  await tab.isSaved();
});

test("a user who deletes the account is told about unsaved text", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await write(ada, "Not saved.");
  await ada.page.getByTitle(`Your account, ${ada.username}`).click();
  await ada.page.getByRole("button", { name: "Delete account…" }).click();
  await ada.page.getByRole("dialog").getByText("You have 1 unsaved text.").waitFor();
});
