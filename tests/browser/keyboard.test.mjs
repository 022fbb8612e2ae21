// The keyboard alone, from signing up to deleting a note.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { launch, PASSWORD, TestUser, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Returns whether the focused element has this name. The page evaluates it. */
const hasFocus = (name) => {
  const { labels, ariaLabel, textContent } = document.activeElement;
  return (
    ariaLabel === name ||
    textContent === name ||
    [...(labels ?? [])].some((label) => label.textContent.startsWith(name))
  );
};

/** Waits until the element with this name has the focus. */
const focusIs = ({ page }, name) => page.waitForFunction(hasFocus, name);

/** Presses Tab, or Shift+Tab, until the element with this name has the focus. */
async function tabTo({ page }, name, key = "Tab") {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate(hasFocus, name)) return;
  }
  assert.fail(`${key} never comes to ${name}`);
}

test("a new user writes, edits, comments on and deletes a note with the keyboard alone", async (t) => {
  const ada = await TestUser.open(browser);
  t.after(() => ada.leave());
  const { keyboard } = ada.page;
  const title = titled("By hand");

  await tabTo(ada, "Create account");
  await keyboard.press("Enter");
  await focusIs(ada, "Create account");
  await tabTo(ada, "Username");
  await keyboard.type(`b-${randomUUID().slice(0, 20)}`);
  await tabTo(ada, "Password");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await ada.isConnected();

  await tabTo(ada, "New note");
  await keyboard.press("Enter");
  await focusIs(ada, "Text");
  await keyboard.type("The text.");
  // The field before the editor has no title above it.
  await ada.textIs("The text.");
  await keyboard.press("Escape");
  await tabTo(ada, "Title", "Shift+Tab");
  await keyboard.type(title);
  await ada.heading(title).waitFor();
  await keyboard.press("Enter");
  await focusIs(ada, "Text");
  await ada.isSaved();
  await keyboard.press("Escape");

  await tabTo(ada, "Write a comment");
  await keyboard.type("A comment.");
  await tabTo(ada, "Add comment");
  await keyboard.press("Enter");
  await ada.commented("A comment.").waitFor();

  await ada.page.getByRole("link", { name: "Skip to content" }).press("Enter");
  await tabTo(ada, "More actions");
  await keyboard.press("Enter");
  await tabTo(ada, "Details");
  await keyboard.press("Escape");
  await focusIs(ada, "More actions");
  await keyboard.press("Enter");
  // The menu has it once the note is read.
  await ada.page.getByRole("button", { name: "Delete", exact: true }).waitFor();
  await tabTo(ada, "Delete");
  await keyboard.press("Enter");
  await focusIs(ada, "Team");
  await tabTo(ada, "Undo");
  await keyboard.press("Enter");
  await focusIs(ada, title);
  await tabTo(ada, "More actions");
  await keyboard.press("Enter");
  await ada.page.getByRole("button", { name: "Delete", exact: true }).waitFor();
  await tabTo(ada, "Delete");
  await keyboard.press("Enter");
  await ada.listed(title).waitFor({ state: "detached" });
  await tabTo(ada, "Trash");
  await keyboard.press("Enter");
  await focusIs(ada, "Trash of Team");
  await ada.page.getByRole("button", { name: `Delete for good: ${title}` }).waitFor();
  await tabTo(ada, `Delete for good: ${title}`);
  await keyboard.press("Enter");
  await tabTo(ada, "Delete for good");
  await keyboard.press("Enter");
  await focusIs(ada, "Deleted notes");
});

/** Takes the focus out of every field. */
const leaveFields = ({ page }) => page.evaluate(() => document.activeElement.blur());

test("single-key shortcuts work as described, and can be switched off", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const { keyboard } = ada.page;
  const both = titled("Both");
  const [older, newer] = [`${both} older`, `${both} newer`];
  await ada.write(older, "");
  await ada.write(newer, "");
  // Other tests create notes at the same time, so the keys move within the results of a search.
  await ada.page.getByRole("searchbox").fill(both);
  await ada.page.getByText("2 notes found").waitFor();
  await leaveFields(ada);

  await keyboard.press("?");
  const sheet = ada.page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.waitFor();
  for (const does of ["Create a note", "Search notes", "Open the next note", "Write in the note", "Delete the note"]) {
    await sheet.getByText(does).waitFor();
  }
  await keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });

  await keyboard.press("j");
  await ada.heading(older).waitFor();
  await keyboard.press("k");
  await ada.heading(newer).waitFor();
  await keyboard.press("e");
  await keyboard.type("jk#");
  await ada.textIs("jk#");
  await ada.heading(newer).waitFor();
  await leaveFields(ada);
  await keyboard.press("/");
  await keyboard.press("Control+A");
  await keyboard.type("j?n");
  assert.equal(await ada.page.getByRole("searchbox").inputValue(), "j?n");
  await keyboard.press("Escape");
  await keyboard.press("g");
  await ada.heading("Team").waitFor();
  await keyboard.press("n");
  await keyboard.type("note");
  await ada.textIs("note");
  await ada.open(newer);
  await keyboard.press("#");
  await ada.page.getByText(`“${newer}” was deleted.`).waitFor();
  await ada.page.getByRole("button", { name: "Undo" }).click();
  await ada.heading(newer).waitFor();

  await keyboard.press("?");
  await sheet.getByRole("checkbox").uncheck();
  await keyboard.press("Escape");
  await keyboard.press("n");
  await ada.page.reload();
  await ada.heading(newer).waitFor();
  await keyboard.press("n");
  await ada.page.getByRole("button", { name: "Shortcuts (?)" }).click();
  assert.equal(await sheet.getByRole("checkbox").isChecked(), false);
  await ada.heading(newer).waitFor();
});

/** Presses the key at the position `code` of a keyboard whose layout has `key` there. */
async function press({ devtools }, key, code, modifiers = {}) {
  const held =
    (modifiers.alt ? 1 : 0) | (modifiers.ctrl ? 2 : 0) | (modifiers.meta ? 4 : 0) | (modifiers.shift ? 8 : 0);
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key, code, modifiers: held });
  await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key, code, modifiers: held });
}

/** Signs up a user who can press keys of any layout. Records the keys that the page handled. */
async function typist(test) {
  const [ada] = await testUsers(test, browser, 1);
  ada.devtools = await ada.context.newCDPSession(ada.page);
  await ada.page.evaluate(() => {
    globalThis.taken = [];
    addEventListener("keydown", (event) => event.defaultPrevented && globalThis.taken.push(event.key));
  });
  return ada;
}

test("Ctrl+S is the page's on every layout and with Caps Lock, and saves at once", async (t) => {
  const ada = await typist(t);
  await ada.write(titled("By the keyboard"), "");
  const saved = [
    ["s", "KeyS"],
    ["S", "KeyS"],
    ["ы", "KeyS"],
    ["Ы", "KeyS"],
    ["σ", "KeyS"],
    ["s", "Semicolon"],
  ];
  await ada.text.focus();
  await ada.page.evaluate(() => (globalThis.taken = []));
  for (const [key, code] of saved) await press(ada, key, code, { ctrl: true });
  assert.deepEqual(
    await ada.page.evaluate(() => globalThis.taken),
    saved.map(([key]) => key),
  );

  const others = [
    ["o", "KeyS", { ctrl: true }],
    ["S", "KeyS", { ctrl: true, shift: true }],
    ["ś", "KeyS", { ctrl: true, alt: true }],
  ];
  for (const [key, code, held] of others) await press(ada, key, code, held);
  assert.equal((await ada.page.evaluate(() => globalThis.taken)).length, saved.length);
});

test("bold follows the keyboard layout, or the position of the key on other alphabets", async (t) => {
  const ada = await typist(t);
  await ada.write(titled("By the keyboard"), "word");
  await ada.text.press("Control+A");
  await press(ada, "и", "KeyB", { ctrl: true });
  await ada.textIs("**word**");
  await press(ada, "B", "KeyB", { ctrl: true });
  await ada.textIs("word");
  await press(ada, "b", "KeyN", { ctrl: true });
  await ada.textIs("**word**");
});

test("single-key shortcuts follow the keyboard layout, or the position of the key on other alphabets", async (t) => {
  const ada = await typist(t);
  const title = titled("By the keyboard");
  await ada.write(title, "");
  await leaveFields(ada);
  for (const [key, code] of [
    ["е", "KeyE"],
    ["у", "KeyE"],
    ["E", "KeyE"],
    ["e", "KeyD"],
  ]) {
    await press(ada, key, code);
    await focusIs(ada, "Text");
    await leaveFields(ada);
  }
  for (const [key, code, held] of [
    ["E", "KeyE", { shift: true }],
    ["e", "KeyE", { alt: true }],
    [".", "KeyE", {}],
    ["£", "Digit3", { shift: true }],
  ]) {
    await press(ada, key, code, held);
  }
  // An earlier key press would have had its effect before this one.
  await press(ada, "؟", "Slash", { shift: true });
  await ada.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await ada.heading(title).waitFor();
  await ada.page.keyboard.press("Escape");
  await press(ada, "№", "Digit3", { shift: true });
  await ada.page.getByText(`“${title}” was deleted.`).waitFor();
  await ada.page.getByRole("button", { name: "Undo" }).click();
});
