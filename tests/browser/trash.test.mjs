// Deleting notes, undoing that, and the trash.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const button = ({ page }, name) => page.getByRole("button", { name, exact: true });

/** Returns the row of a note in the trash. */
const trashed = ({ page }, title) =>
  page.getByRole("list", { name: "Deleted notes" }).getByRole("listitem").filter({ hasText: title });

/** Holds the deletions of a page back. Returns a function that lets them go on. */
async function holdDeletions({ page }) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route("**/api/boards/*/notes/*", async (route) => {
    if (route.request().method() === "DELETE") await released;
    await route.continue();
  });
  return release;
}

test("a note is deleted at once, and undoing that brings it back with its comments", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Thought better of");
  await ada.write(title, "");
  await ada.comment("Do not lose me.");
  await ada.commented("Do not lose me.").waitFor();
  await grace.open(title);
  await ada.act("Delete");
  await ada.heading("Team").waitFor();
  await ada.listed(title).waitFor({ state: "detached" });
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
  await grace.listed(title).waitFor({ state: "detached" });

  await button(ada, "Undo").click();
  await ada.heading(title).waitFor();
  await ada.goToComments();
  await ada.commented("Do not lose me.").waitFor();
  await ada.listed(title).waitFor();
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor({ state: "detached" });
  await grace.goToComments();
  await grace.commented("Do not lose me.").waitFor();
});

test("a note whose deletion is followed by signing out at once is deleted, and not in the session of the next user", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Not for her eyes");
  await ada.write(title, "");
  await grace.listed(title).waitFor();
  const release = await holdDeletions(ada);
  await ada.act("Delete");
  await ada.listed(title).waitFor({ state: "detached" });
  await button(ada, "Sign out").click();
  await grace.listed(title).waitFor();
  release();
  await ada.heading("Sign in").waitFor();
  await grace.listed(title).waitFor({ state: "detached" });

  // Another user signs in to the same browser.
  const author = ada.username;
  ada.username = grace.username;
  await ada.signIn();
  await ada.isConnected();
  assert.equal(await button(ada, "Undo").count(), 0);
  await ada.goTo("#/boards/team/trash");
  await trashed(ada, title).getByText(`Deleted by ${author} just now`).waitFor();
});

test("a note is deleted even if the page is closed at once", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Left behind");
  await ada.write(title, "");
  await grace.listed(title).waitFor();
  await ada.act("Delete");
  await ada.heading("Team").waitFor();
  await ada.page.goto("about:blank");
  await grace.listed(title).waitFor({ state: "detached" });
});

test("what was typed just before a deletion comes back with the note", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("Half a thought");
  await ada.write(title, "First.");
  await ada.text.press("Control+End");
  await ada.page.keyboard.type(" Second.");
  await ada.act("Delete");
  await ada.listed(title).waitFor({ state: "detached" });
  await button(ada, "Undo").click();
  await ada.heading(title).waitFor();
  await ada.textIs("First. Second.");
});

test("a note that is deleted while somebody writes it is restored in place", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Not yet done");
  await ada.write(title, "First.");
  await grace.open(title);
  await grace.textIs("First.");
  await ada.delete();
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
  await button(grace, "Restore").click();
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor({ state: "detached" });
  await grace.text.press("Control+End");
  await grace.page.keyboard.type(" Second.");
  await grace.isSaved();
  await ada.open(title);
  await ada.textIs("First. Second.");
});

test("another editor restores a note from the trash, and a reader does not see it", async (t) => {
  const [ada, grace, eve] = await testUsers(t, browser, 3);
  const board = await ada.createBoard(titled("Kitchen"), { [grace.username]: "editor", [eve.username]: "reader" });
  for (const person of [ada, grace, eve]) await person.goTo(`#/boards/${board}`);
  await ada.write("Shopping", "Milk, bread.");
  await ada.delete();
  await ada.write("Songs", "");
  await ada.delete();

  await grace.page.getByRole("link", { name: "Trash" }).click();
  await trashed(grace, "Songs").getByText(`Deleted by ${ada.username} just now`).waitFor();
  const rows = grace.page.getByRole("list", { name: "Deleted notes" }).getByRole("listitem");
  assert.match((await rows.allTextContents()).join(), /^Songs.*Shopping/s, "newest deletion first");
  await button(grace, "Restore Shopping").click();
  await trashed(grace, "Shopping").waitFor({ state: "detached" });
  await eve.open("Shopping");
  await eve.page.getByText("Milk, bread.").waitFor();
  assert.equal(await eve.page.getByRole("link", { name: "Trash" }).count(), 0);
  await eve.goTo(`#/boards/${board}/trash`);
  await eve.page.getByText("You may read this board, but not change it.").waitFor();
});

test("a note is deleted for good only after a question", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const board = await ada.createBoard(titled("Kitchen"));
  await ada.goTo(`#/boards/${board}`);
  await ada.write("Shopping", "");
  await ada.delete();
  await ada.page.getByRole("link", { name: "Trash" }).click();
  await button(ada, "Delete for good: Shopping").click();
  const question = ada.page.getByRole("dialog", { name: "Delete “Shopping” for good?" });
  await question.getByRole("button", { name: "Keep in the trash" }).click();
  await question.waitFor({ state: "detached" });
  await trashed(ada, "Shopping").waitFor();
  await button(ada, "Delete for good: Shopping").click();
  await question.getByRole("button", { name: "Delete for good" }).click();
  await ada.page.getByText("The trash is empty.").waitFor();
  await ada.page.reload();
  await ada.page.getByText("The trash is empty.").waitFor();
});

test("a note is not restored over another one with its address, and the page says what to do", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const board = await ada.createBoard(titled("Kitchen"));
  await ada.goTo(`#/boards/${board}`);
  const put = async (title) => {
    const options = { data: { title, body: "" }, headers: { "if-none-match": "*" } };
    const written = await ada.context.request.put(
      new URL(`/api/boards/${board}/notes/plan`, ada.page.url()).href,
      options,
    );
    assert.equal(written.status(), 201);
  };
  await put("Old plan");
  await ada.open("Old plan");
  await ada.delete();
  await ada.page.getByRole("link", { name: "Trash" }).click();
  // The trash shows what the server has deleted. Until then, the address is taken.
  await trashed(ada, "Old plan").waitFor();
  await put("New plan");
  await button(ada, "Restore Old plan").click();
  await ada.page.getByText("Another note has the same address.").waitFor();
  await trashed(ada, "Old plan").waitFor();
});
