// A note in two browsers: one user reads while the other edits, comments and deletes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("a reader sees edits over the one connection of the page", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const [first, second] = [titled("Plan"), titled("Better plan")];
  await ada.write(first, "One line.");
  await grace.open(first);

  // Too long for a frame: it is sent and read over HTTP.
  await ada.fill(second, "x".repeat(40_000));
  await grace.heading(second).waitFor();
  await grace.article.getByText("x".repeat(40_000)).waitFor();
  assert.equal(grace.wire.tunnels, 1);
});

test("a note whose row is pressed is opened, though the list changes before the release", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const [pressed, newer] = [titled("Pressed"), titled("Newer")];
  // Its list is short, so nothing can be scrolled to keep the row in place.
  const board = await ada.createBoard(titled("Short"), { [grace.username]: "editor" });
  await grace.goTo(`#/boards/${board}`);
  await ada.writeVersion({ title: pressed, body: "" }, { board });
  const { mouse } = ada.page;
  await ada.goTo(`#/boards/${board}`);
  await ada.listed(pressed).hover();
  await mouse.down();
  await ada.writeVersion({ title: newer, body: "" }, { board });
  await grace.listed(newer).waitFor();
  await mouse.up();
  await ada.heading(pressed).waitFor();
  await ada.listed(newer).waitFor();
});

test("comments appear and disappear live as plain text, and only their author or the note's author can delete them", async (t) => {
  const [ada, grace, mary] = await testUsers(t, browser, 3);
  const title = titled("Talked about");
  await ada.write(title, "");
  await ada.page.getByText("No comments yet").waitFor();
  await Promise.all([grace.open(title), mary.open(title)]);

  const message = "<b>Milk?</b>\n&amp; honey";
  await grace.comment(message);
  for (const person of [ada, grace, mary]) await person.commented(message).waitFor();
  assert.equal(await ada.page.locator(".comments b").count(), 0);
  assert.equal(await grace.page.getByLabel("Write a comment").inputValue(), "");
  const announced = ada.page.getByText(`New comment by ${grace.username}`);
  await announced.waitFor({ state: "attached" });
  assert.equal(await announced.getAttribute("aria-live"), "polite");

  await ada.comment("By the note's author.");
  await grace.commented("By the note's author.").waitFor();
  assert.equal(await mary.deleteButtons().count(), 0);
  assert.equal(await grace.deleteButtons().count(), 1);
  assert.equal(await ada.deleteButtons().count(), 2);

  await grace.deleteButtons().press("Enter");
  for (const person of [ada, grace, mary]) await person.commented(message).waitFor({ state: "detached" });
  await grace.page.waitForFunction(() => document.activeElement.textContent === "Comments");
});

test("the error of a comment appears at the field, and the text stays", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.write(titled("Strict"), "");
  const field = ada.page.getByLabel("Write a comment");
  await ada.comment("   ");
  await ada.page.getByText("The comment must be 1 to 1024 characters.").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");

  await field.fill("🦀".repeat(1025));
  await ada.page.getByText("1025 of 1024 characters").waitFor();
  await ada.page.getByText("The comment must be 1 to 1024 characters.").waitFor();
  await field.fill("🦀".repeat(1024));
  await ada.page.getByRole("button", { name: "Add comment" }).click();
  await ada.commented("🦀".repeat(1024)).waitFor();
});

test("older comments load on request", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Long talk");
  await ada.write(title, "");
  for (let number = 0; number < 22; number += 1) {
    await ada.comment(`Comment no ${number}`);
    await ada.commented(`Comment no ${number}`).waitFor();
  }
  await grace.open(title);
  await grace.commented("Comment no 21").waitFor();
  assert.equal(await grace.commented("Comment no 1").count(), 0);
  await grace.page.getByRole("button", { name: "Show older comments" }).click();
  await grace.commented("Comment no 0").waitFor();
  assert.equal(await grace.page.getByRole("button", { name: "Show older comments" }).count(), 0);
});

test("a note that was deleted says so in place, and shows again what was created anew at its address", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Short-lived");
  await ada.write(title, "Still here.");
  await grace.open(title);
  await grace.textIs("Still here.");
  const path = new URL(ada.page.url()).hash.replace("#", "/api");
  await ada.delete();
  await grace.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
  await grace.textIs("Still here.");

  const options = { data: { title, body: "Anew." }, headers: { "if-none-match": "*" } };
  assert.equal((await ada.context.request.put(address + path, options)).status(), 201);
  await grace.listed(title).waitFor();
  await grace.page.getByText("another one was created at its address").waitFor();
  await grace.page.getByRole("link", { name: "Back to the list" }).first().click();
  await grace.heading("Team").waitFor();
  await grace.open(title);
  await grace.textIs("Anew.");
  await grace.comment("Welcome back.");
  await ada.open(title);
  await ada.commented("Welcome back.").waitFor();
});

test("a note shows its other readers as they come and go", async (t) => {
  const [ada, grace, mary] = await testUsers(t, browser, 3);
  const title = titled("Busy");
  const here = (...others) =>
    ada.page.getByText(
      `Also here: ${others
        .map(({ username }) => username)
        .sort()
        .join(" and ")}`,
      { exact: true },
    );
  await ada.write(title, "");
  assert.equal(await ada.page.getByText("Also here").count(), 0);
  await grace.open(title);
  await here(grace).waitFor();
  // An editor is listed once, even with several tabs.
  const tab = mary.at(await mary.openTab(new URL(ada.page.url()).hash));
  await tab.text.waitFor();
  await here(grace, mary).waitFor();
  await grace.page.getByRole("link", { name: "Notes", exact: true }).click();
  await here(mary).waitFor();
  await tab.page.close();
  await ada.page.getByText("Also here").waitFor({ state: "detached" });
});
