// Display names: changed in one browser and shown in another, distinguished if they look alike, and refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, TestUser, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Signs up a user with a display name. */
async function named(t, displayName) {
  const user = await TestUser.signedUp(browser, { displayName });
  t.after(async () => {
    await user.leave();
    assert.deepEqual(user.errors, []);
  });
  return user;
}

/** Opens the user's account and returns its section about names. */
async function profile(user) {
  await user.page.getByTitle(`Your account, ${user.username}`).click();
  await user.heading("Account").waitFor();
  return user.page.getByRole("region", { name: "Profile", exact: true });
}

async function rename(user, name) {
  const section = await profile(user);
  await section.getByLabel("Display name").fill(name);
  await section.getByRole("button", { name: "Change display name" }).click();
  return section;
}

const listByline = (user, title) => user.listed(title).locator(".byline");
const noteByline = (user) => user.page.getByRole("article").locator(".byline");
const commentByline = (user) => user.page.getByRole("region", { name: "Comments" }).locator(".byline");

test("a changed name appears in the list, the byline, a comment and the list of readers of another browser", async (t) => {
  // Nobody else has these names, so none of them needs the username beside it.
  const [name, changed, last] = ["Ada", "Countess of Lovelace", "Augusta"].map(titled);
  const ada = await named(t, name);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const title = titled("Signed");
  await ada.write(title, "");
  await ada.comment("Mine.");
  await grace.open(title);
  const everywhere = () => [listByline(grace, title), noteByline(grace), commentByline(grace)];
  for (const byline of everywhere()) await byline.getByText(name, { exact: true }).waitFor();
  await grace.page.getByText(`Also here: ${name}`, { exact: true }).waitFor();

  const section = await rename(ada, `  ${changed.replaceAll(" ", "  ")} `);
  await section.getByText("Display name changed.").waitFor();
  assert.equal(await section.getByLabel("Display name").inputValue(), changed);
  await ada.page.locator("header").getByText(changed, { exact: true }).waitFor();
  await ada.open(title);
  await noteByline(ada).getByText(changed, { exact: true }).waitFor();
  // Grace receives it because Ada reads the same note.
  await grace.page.getByText(`Also here: ${changed}`, { exact: true }).waitFor();
  for (const byline of everywhere()) await byline.getByText(changed, { exact: true }).waitFor();

  // Grace does not receive the next change until her connection is restored.
  grace.wire.cut();
  await grace.isOffline();
  await (await rename(ada, last)).getByText("Display name changed.").waitFor();
  grace.wire.mend();
  await grace.isConnected();
  for (const byline of everywhere()) await byline.getByText(last, { exact: true }).waitFor();

  // At the next visit, the name is shown before the server responds.
  await grace.page.route("**/api/users?*", (route) => route.abort());
  await grace.page.reload();
  for (const byline of everywhere()) await byline.getByText(last, { exact: true }).waitFor();
});

test("two names that look alike show their usernames while both are on the screen", async (t) => {
  const ada = await named(t, "Ada Lovelace");
  const eve = await named(t, "ADA  lovelace");
  const title = titled("Whose");
  await ada.write(title, "");
  await eve.open(title);
  await noteByline(eve).getByText(`@${ada.username}`, { exact: true }).waitFor();
  await eve.comment("Not hers.");
  await commentByline(ada).getByText(`@${eve.username}`, { exact: true }).waitFor();
  await noteByline(ada).getByText(`@${ada.username}`, { exact: true }).waitFor();
  await ada.page.getByRole("button", { name: `Delete comment by ADA lovelace @${eve.username}` }).waitFor();
});

test("a name that would mirror the text beside it is refused with the character to remove", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const section = await rename(ada, "Ada\u202e");
  const error = "Display name must not contain the character U+202E, which changes the direction of text. Remove it.";
  await section.getByText(error).waitFor();
  assert.equal(await section.getByLabel("Display name").getAttribute("aria-invalid"), "true");
  assert.equal(await section.getByLabel("Display name").inputValue(), "Ada\u202e");

  // A name that is written from right to left stays within its own element.
  await rename(ada, "עדה (לאבלייס)");
  await section.getByText("Display name changed.").waitFor();
  const title = titled("Right to left");
  await ada.write(title, "");
  const name = noteByline(ada).locator("bdi");
  await name.getByText("עדה (לאבלייס)").waitFor();
  assert.equal(await name.evaluate((element) => getComputedStyle(element).unicodeBidi), "isolate");
});
