// The keyboard alone, from signing up to deleting a note.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { launch, PASSWORD, people, Person, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Waits until the focus is on what is called so. */
const focusIs = ({ page }, name) =>
  page.waitForFunction((name) => {
    const { labels, textContent } = document.activeElement;
    return [...(labels ?? [])].some((label) => label.textContent === name) || textContent === name;
  }, name);

/** Goes on with Tab until the focus is on what is called so. */
async function tabTo({ page }, name) {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate((name) => {
      const { labels, textContent } = document.activeElement;
      return [...(labels ?? [])].some((label) => label.textContent.startsWith(name)) || textContent === name;
    }, name);
    if (found) return;
  }
  assert.fail(`Tab never comes to ${name}`);
}

test("a note is written, edited, commented on and deleted without a pointer, by somebody who has just come", async (t) => {
  const ada = await Person.arrive(browser);
  t.after(() => ada.leave());
  const { keyboard } = ada.page;
  const title = titled("By hand");

  await tabTo(ada, "Make an account");
  await keyboard.press("Enter");
  await focusIs(ada, "Make an account");
  await tabTo(ada, "Username");
  await keyboard.type(`b-${randomUUID().slice(0, 20)}`);
  await tabTo(ada, "Password");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await ada.isConnected();

  await tabTo(ada, "New note");
  await keyboard.press("Enter");
  await focusIs(ada, "New note");
  await tabTo(ada, "Title");
  await keyboard.type(title);
  await tabTo(ada, "Text");
  await keyboard.type("The text.");
  await keyboard.press("Control+Enter");
  await ada.heading(title).waitFor();
  await focusIs(ada, title);

  await tabTo(ada, "Write a comment");
  await keyboard.type("A comment.");
  await tabTo(ada, "Add the comment");
  await keyboard.press("Enter");
  await ada.commented("A comment.").waitFor();

  await ada.page.keyboard.press("Shift+Tab");
  await ada.page.getByRole("link", { name: "Skip to the content" }).press("Enter");
  await tabTo(ada, "Edit");
  await keyboard.press("Enter");
  await focusIs(ada, "Edit note");
  await keyboard.press("Escape");
  await focusIs(ada, title);
  await tabTo(ada, "Delete");
  await keyboard.press("Enter");
  await focusIs(ada, "Notes");
  await tabTo(ada, "Undo");
  await keyboard.press("Enter");
  await focusIs(ada, title);
  await tabTo(ada, "Delete");
  await keyboard.press("Enter");
  await tabTo(ada, "Delete now");
  await keyboard.press("Enter");
  await ada.listed(title).waitFor({ state: "detached" });
});

test("single keys do what the sheet says, and a switch turns them off", async (t) => {
  const [ada] = await people(t, browser, 1);
  const { keyboard } = ada.page;
  const both = titled("Both");
  const [older, newer] = [`${both} older`, `${both} newer`];
  await ada.write(older, "");
  await ada.write(newer, "");
  // Others write beside this test: the keys go from one to the next of those that are looked for.
  await ada.page.getByRole("searchbox").fill(both);
  await ada.page.getByText("2 titles found").waitFor();
  await ada.heading(newer).click();

  await keyboard.press("?");
  const sheet = ada.page.getByRole("dialog", { name: "Keys" });
  await sheet.waitFor();
  for (const does of ["Write a new note", "Find a note", "Open the next note", "Edit the note", "Delete the note"]) {
    await sheet.getByText(does).waitFor();
  }
  await keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });

  await keyboard.press("j");
  await ada.heading(older).waitFor();
  await keyboard.press("k");
  await ada.heading(newer).waitFor();
  await keyboard.press("e");
  await ada.heading("Edit note").waitFor();
  await keyboard.press("Escape");
  await ada.heading(newer).waitFor();
  await keyboard.press("/");
  await keyboard.press("Control+A");
  await keyboard.type("j?n");
  assert.equal(await ada.page.getByRole("searchbox").inputValue(), "j?n");
  await keyboard.press("Escape");
  await keyboard.press("g");
  await ada.heading("Notes").waitFor();
  await keyboard.press("n");
  await ada.heading("New note").waitFor();
  await keyboard.press("Escape");
  await ada.open(newer);
  await keyboard.press("#");
  await ada.page.getByText(`“${newer}” is deleted.`).waitFor();
  await ada.page.getByRole("button", { name: "Undo" }).click();

  await keyboard.press("?");
  await sheet.getByRole("checkbox").uncheck();
  await keyboard.press("Escape");
  await keyboard.press("n");
  await ada.page.reload();
  await ada.heading(newer).waitFor();
  await keyboard.press("n");
  await ada.page.getByRole("button", { name: "Keys (?)" }).click();
  assert.equal(await sheet.getByRole("checkbox").isChecked(), false);
  await ada.heading(newer).waitFor();
});
