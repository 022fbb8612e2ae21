// The accessibility of every view with axe-core, in light and dark, on a wide screen and on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, TestUser, testUsers, titled } from "./browser.mjs";
import { violations } from "./violations.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const settings = [
  ["on a wide screen", {}],
  ["on a phone", { viewport: { width: 360, height: 640 } }],
];

/** Waits until elements that fade in are fully shown. */
function settled({ page }) {
  return page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
}

/** Returns the violations of a view in light, and those of the rules about colours in dark. */
async function inLightAndDark(person) {
  await settled(person);
  const light = await violations(person);
  await person.page.emulateMedia({ colorScheme: "dark" });
  await settled(person);
  const dark = await violations(person, { runOnly: ["color-contrast", "link-in-text-block"] });
  await person.page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark.map((violation) => `dark: ${violation}`)];
}

for (const [name, options] of settings) {
  test(`axe-core finds no violation in any view: ${name}`, async (t) => {
    const found = [];
    const look = async (view, person) => {
      found.push(...(await inLightAndDark(person)).map((violation) => `${view}: ${violation}`));
      const wide = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) found.push(`${view}: is ${wide} pixels wider than the window`);
    };

    const visitor = await TestUser.open(browser, options);
    t.after(() => visitor.leave());
    await visitor.heading("Sign in").waitFor();
    await look("sign in", visitor);
    await visitor.openSignUp();
    await look("sign up", visitor);
    await visitor.page.getByLabel("Username").fill("x");
    await visitor.page.getByLabel("Password", { exact: true }).fill("12345678");
    await visitor.page.getByRole("button", { name: "Create account" }).click();
    await visitor.page.getByText("Username must").waitFor();
    await look("sign up, refused", visitor);

    const [ada, grace] = await testUsers(t, browser, 2, { wired: true, ...options });
    await look("home", ada);
    await ada.goTo("#/new");
    await ada.textIs("");
    await look("new note", ada);
    const title = titled("Judged");
    const text =
      "## Heading\n\n- [x] done\n- [ ] to do\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code`\n\n```\nblock\n```\n\n> quote\n\n[link](https://example.com/)";
    await ada.fill(title, text);
    await ada.isSaved();
    await grace.goTo(new URL(ada.page.url()).hash);
    await grace.text.press("Control+Home");
    await grace.page.keyboard.press("Shift+End");
    await ada.page.getByText("Also here:").waitFor();
    await ada.page.locator(".others-caret").waitFor({ state: "attached" });
    await look("editor", ada);
    await ada.text.press("Control+F");
    await look("find and replace", ada);
    await ada.page.keyboard.press("Escape");
    await ada.page.getByRole("button", { name: "More actions" }).click();
    await look("actions", ada);
    await ada.page.getByRole("button", { name: "Details" }).click();
    await look("details", ada);
    await ada.page.getByRole("button", { name: "Close" }).click();
    const opened = new URL(ada.page.url()).hash;
    const url = await ada.writeVersion({ title: titled("Judged before"), body: text });
    await ada.writeVersion({ title: titled("Judged again"), body: "- [ ] to do" }, { url });
    await ada.hasVersions(url, 1);
    await ada.goTo(new URL(url).pathname.replace("/api", "#"));
    await ada.textIs("- [ ] to do");
    await ada.act("History");
    await ada.page.getByRole("button", { name: "Restore this version" }).waitFor();
    await look("history", ada);
    await ada.page.keyboard.press("Escape");
    await ada.goTo(opened);
    await ada.heading(title).waitFor();
    await ada.comment("A comment.");
    await ada.commented("A comment.").waitFor();
    await look("note", ada);

    grace.wire.cut();
    await grace.isOffline();
    await grace.page.keyboard.type("Grace's");
    await grace.isKept();
    await look("editor, offline", grace);
    grace.wire.mend();
    await grace.isSaved();

    await ada.goTo("#/account");
    await ada.heading("Account").waitFor();
    await look("account", ada);
    const board = await ada.createBoard(titled("Kitchen"), { [grace.username]: "reader" });
    await ada.goTo(`#/boards/${board}`);
    await ada.page.getByText("No notes yet").waitFor();
    await ada.page.getByRole("button", { name: "Switch board" }).click();
    await ada.page.getByRole("combobox", { name: "Filter boards by name" }).waitFor();
    await look("boards to switch to", ada);
    await ada.page.keyboard.press("Escape");
    await ada.page.getByRole("button", { name: "New board" }).click();
    await ada.page.getByRole("dialog").getByLabel("Who can open it").selectOption("Everyone in the team");
    await look("new board", ada);
    await ada.page.keyboard.press("Escape");
    await ada.goTo(`#/boards/${board}/members`);
    await ada.page.getByRole("button", { name: "Create invitation link" }).click();
    await ada.page.getByRole("button", { name: "Revoke" }).waitFor();
    await look("members", ada);
    const invitation = await ada.page.getByLabel("Invitation link").inputValue();
    await ada.page.getByRole("button", { name: "Delete board…" }).click();
    await ada.page.getByRole("dialog").waitFor();
    await look("deleting a board", ada);
    await ada.page.keyboard.press("Escape");
    await ada.goTo(new URL(invitation).hash);
    await ada.heading("Join a board").waitFor();
    await look("joining a board", ada);
    await ada.goTo("#/boards/no-such-board");
    await ada.heading("This board is gone or you are no longer a member.").waitFor();
    await look("board that is gone", ada);
    await ada.goTo("#/nowhere");
    await ada.heading("Page not found").waitFor();
    await look("nothing here", ada);
    await ada.page.keyboard.press("?");
    await ada.page.getByRole("dialog").waitFor();
    await look("keys", ada);
    await ada.page.keyboard.press("Escape");

    await ada.goTo(new URL(grace.page.url()).hash);
    await ada.heading(title).waitFor();
    await ada.act("Delete");
    await ada.page.getByRole("button", { name: "Undo" }).waitFor();
    await look("just deleted", ada);
    await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
    await look("deleted while it was open", grace);
    await ada.page.getByRole("link", { name: "Trash" }).click();
    await ada.heading("Trash of Team").waitFor();
    await ada.page.getByRole("button", { name: `Delete for good: ${title}` }).waitFor();
    await look("trash", ada);
    await ada.page.getByRole("button", { name: `Delete for good: ${title}` }).click();
    await ada.page.getByRole("dialog").waitFor();
    await look("deleting for good", ada);
    assert.deepEqual(found, []);
  });
}

test("the page respects reduced motion, and users can choose a theme", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { reducedMotion: "reduce", colorScheme: "light" });
  const background = () => ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await ada.page.getByLabel("Theme").selectOption("Dark");
  const dark = await background();
  assert.notEqual(dark, light);
  await ada.page.reload();
  await ada.isConnected();
  assert.equal(await background(), dark);
  await ada.page.getByLabel("Theme").selectOption("System");
  assert.equal(await background(), light);

  await ada.write(titled("Marked"), "");
  const marked = ada.page.locator(".titles .fresh a").first();
  // With reduced motion, the mark appears and disappears without a fade.
  assert.equal(await marked.evaluate((link) => getComputedStyle(link).animationTimingFunction), "steps(1)");
});
