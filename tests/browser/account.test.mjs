// One's account: where one is signed in, another password, all notes out and in, and the end of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, PASSWORD, TestUser, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Somebody at their account's page. */
async function atAccount(person) {
  await person.page.getByTitle(`Your account, ${person.username}`).click();
  await person.heading("Account").waitFor();
}

const section = (person, name) => person.page.getByRole("region", { name, exact: true });
const sessionsOf = (person) => section(person, "Sessions").getByRole("listitem");

/** The same person in another browser. */
async function elsewhere(test, person) {
  const other = await TestUser.open(browser);
  test.after(() => other.context.close());
  other.username = person.username;
  await other.signIn();
  await other.isConnected();
  return other;
}

async function changePassword(person, current, next) {
  const form = section(person, "Change password");
  await form.getByLabel("Current password").fill(current);
  await form.getByLabel("New password").fill(next);
  await form.getByRole("button", { name: "Change password" }).click();
  return form;
}

/** The file of an export. */
async function exported(person) {
  const [download] = await Promise.all([
    person.page.waitForEvent("download"),
    section(person, "Export").getByRole("button", { name: "Export all notes" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^notes-\d{4}-\d\d-\d\d\.ndjson$/);
  return readFile(await download.path(), "utf8");
}

async function imports(person, text) {
  const form = section(person, "Import");
  const file = { name: "notes.ndjson", mimeType: "application/x-ndjson", buffer: Buffer.from(text) };
  await form.getByLabel("Export file").setInputFiles(file);
  await form.getByRole("button", { name: "Import file" }).click();
  await form.getByText("Imported notes.ndjson.").waitFor();
  return form;
}

/** The lines of an export that are about a note. */
function linesAbout(text, key) {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.filter((line) => (JSON.parse(line).note ?? JSON.parse(line).comment).key === key);
}

/** What the server answers to a new note, and to the end of its first version. */
const wrote = ({ page }, key, note) =>
  page.evaluate(
    async ([key, body]) => {
      const headers = { "content-type": "application/json", "if-none-match": "*" };
      return (await fetch(`/api/notes/${key}`, { method: "PUT", headers, body })).status;
    },
    [key, JSON.stringify(note)],
  );
const deleted = ({ page }, key) =>
  page.evaluate(
    async (key) => (await fetch(`/api/notes/${key}`, { method: "DELETE", headers: { "if-match": '"1"' } })).status,
    key,
  );

test("a user sees their sessions and ends them", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [phone, laptop] = [await elsewhere(t, ada), await elsewhere(t, ada)];
  await atAccount(ada);
  assert.equal(await section(ada, "Profile").getByText(ada.username).first().isVisible(), true);
  await sessionsOf(ada).nth(2).waitFor();
  assert.equal(await sessionsOf(ada).filter({ hasText: "this session" }).count(), 1);
  assert.equal(await sessionsOf(ada).filter({ hasText: "Chrome on Linux" }).count(), 3);

  await section(ada, "Sessions").getByRole("button", { name: "End session" }).first().press("Enter");
  await sessionsOf(ada).nth(2).waitFor({ state: "detached" });
  await ada.page.getByText("The session of Chrome on Linux has ended.").waitFor({ state: "attached" });
  await ada.page.waitForFunction(() => document.activeElement.textContent === "Sessions");
  const signedOut = (person) => person.page.getByText("Your session has ended.").waitFor();
  await Promise.any([signedOut(phone), signedOut(laptop)]);

  await ada.page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await Promise.all([signedOut(phone), signedOut(laptop)]);
  await sessionsOf(ada).nth(1).waitFor({ state: "detached" });
  assert.equal(await sessionsOf(ada).count(), 1);
  assert.equal(await ada.page.getByRole("button", { name: "Sign out everywhere else" }).count(), 0);
});

test("a user who knows the password changes it, and only the new one works afterwards", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const other = await elsewhere(t, ada);
  await atAccount(ada);
  await sessionsOf(ada).nth(1).waitFor();

  const form = await changePassword(ada, "not my password", "two gulls, one harbour");
  await form.getByText("Current password is wrong.").waitFor();
  await changePassword(ada, PASSWORD, "password1");
  await form.getByText("New password must not be one of the most common passwords.").waitFor();
  await changePassword(ada, PASSWORD, "two gulls, one harbour");
  await form.getByText("Password changed.").waitFor();
  assert.equal(await form.getByLabel("Current password").inputValue(), "");
  await sessionsOf(ada).nth(1).waitFor({ state: "detached" });
  await other.page.getByText("Your session has ended.").waitFor();
  // Where it was changed, the page goes on, and with a new session after the old one's connection is closed.
  await ada.isConnected();
  await ada.heading("Account").waitFor();

  await other.signIn();
  await other.page.getByText("The username or the password is wrong.").waitFor();
  await other.page.getByLabel("Password").fill("two gulls, one harbour");
  await other.page.getByRole("button", { name: "Sign in" }).click();
  await other.isConnected();
  await ada.page.reload();
  await ada.isConnected();
});

test("the page shows how strong a new password is, and shows the password on request", async (t) => {
  const visitor = await TestUser.open(browser);
  t.after(() => visitor.context.close());
  await visitor.page.getByRole("link", { name: "Create account" }).click();
  await visitor.page.getByLabel("Username").fill("ada-lovelace");
  const password = visitor.page.getByLabel("Password");
  const button = visitor.page.getByRole("button", { name: "Create account" });
  const place = await button.boundingBox();
  await password.fill("qwertyuiop");
  await visitor.page.getByText("Very weak: it is one of the 100 most common passwords.").waitFor();
  assert.deepEqual(await button.boundingBox(), place, "the hint moves nothing that somebody may be clicking");
  assert.equal(await visitor.page.getByRole("meter").evaluate((meter) => meter.value), 1);
  await password.fill("ada-lovelace1");
  await visitor.page.getByText("Weak: it is similar to your name.").waitFor();
  await password.fill("two gulls, one harbour");
  await visitor.page.getByText("Very strong.").waitFor();

  const show = visitor.page.getByRole("button", { name: "Show password" });
  assert.equal(await password.getAttribute("type"), "password");
  await show.click();
  assert.notEqual(await password.getAttribute("type"), "password");
  assert.equal(await show.getAttribute("aria-pressed"), "true");
  await show.click();
  assert.equal(await password.getAttribute("type"), "password");
  assert.equal(await password.inputValue(), "two gulls, one harbour");
  assert.deepEqual(visitor.errors, []);
});

test("sign-up works without the strength hint if it cannot be loaded", async (t) => {
  // What a service worker loads is not held up here.
  const visitor = await TestUser.open(browser, { serviceWorkers: "block" });
  t.after(() => visitor.context.close());
  await visitor.page.route(/measure/, (route) => route.abort());
  const failed = visitor.page.waitForEvent("requestfailed", (request) => request.url().includes("measure"));
  await visitor.page.getByRole("link", { name: "Create account" }).click();
  await visitor.page.getByLabel("Username").fill(`b-${crypto.randomUUID().slice(0, 20)}`);
  await visitor.page.getByLabel("Password").fill(PASSWORD);
  await failed;
  assert.equal(await visitor.page.getByRole("meter").count(), 0);
  await visitor.page.getByRole("button", { name: "Create account" }).click();
  await visitor.isConnected();
  assert.deepEqual(visitor.errors, []);
});

test("an import skips what exists and restores what was deleted", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Kept");
  const key = crypto.randomUUID();
  assert.equal(await wrote(ada, key, { title, body: "Milk, and bread." }), 201);
  await ada.open(title);
  await ada.comment("And butter?");
  await ada.commented("And butter?").waitFor();
  await atAccount(ada);
  const lines = linesAbout(await exported(ada), key);
  assert.equal(lines.length, 2);
  await section(ada, "Export")
    .getByText(/notes? exported\.$/)
    .waitFor();

  const again = await imports(ada, `${lines.join("\n")}\n`);
  await again.getByText("2 lines: 0 imported, 2 already there, 0 rejected").waitFor();

  await atAccount(grace);
  assert.equal(await deleted(ada, key), 204);
  await grace.listed(title).waitFor({ state: "detached" });
  const back = await imports(grace, lines.join("\n"));
  await back.getByText("2 lines: 2 imported, 0 already there, 0 rejected").waitFor();
  await grace.open(title);
  await grace.page.getByText("Milk, and bread.").waitFor();
  await grace.commented("And butter?").waitFor();
  assert.equal(await grace.page.locator("main .byline").filter({ hasText: ada.username }).count(), 2);
});

test("an import lists rejected lines by number and imports the rest", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const key = `imported-${crypto.randomUUID()}`;
  const title = titled("Imported");
  const [author, created] = [ada.username, "2026-01-02T03:04:05.000Z"];
  const note = { key, title, body: "", author, editor: author, version: 1, created, updated: created };
  const long = "x".repeat(2 * 1024 * 1024);
  await atAccount(ada);
  const form = await imports(ada, ["this is no line", long, JSON.stringify({ note })].join("\n"));
  await form.getByText("3 lines: 1 imported, 0 already there, 2 rejected").waitFor();
  const refused = form.getByRole("list", { name: "Rejected lines" }).getByRole("listitem");
  assert.match(await refused.nth(0).textContent(), /^Line 1: this is not JSON/);
  assert.equal(await refused.nth(1).textContent(), "Line 2: is longer than any note");
});

test("the page rejects a file that is not an export and says why", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await atAccount(ada);
  const form = section(ada, "Import");
  let requests = 0;
  ada.page.on("request", (request) => (requests += request.url().endsWith("/api/import") ? 1 : 0));
  for (const [name, content, reason] of [
    ["note.md", "# A note\n\nMilk", "contains no note or comment"],
    ["empty.ndjson", "", "is empty"],
    ["notes.json", '[{"note": {}}]', "is one JSON array"],
    ["notes.ndjson.gz", gzipSync('{"note": {}}\n'), "is not a text file"],
    ["notes.txt", Buffer.from('\ufeff{"note": {}}\n', "utf16le"), "is in UTF-16"],
  ]) {
    const file = { name, mimeType: "", buffer: Buffer.from(content) };
    await form.getByLabel("Export file").setInputFiles(file);
    await form.getByRole("button", { name: "Import file" }).click();
    await form.getByRole("alert").getByText(`Nothing was imported: ${name} ${reason}`).waitFor();
    assert.equal(await form.getByText(/^Imported /).count(), 0);
  }
  assert.equal(requests, 0);

  // One whose lines are like those of an export is sent, and what is wrong with them is told.
  const like = { name: "like.ndjson", mimeType: "", buffer: Buffer.from('{"row": 1}\n') };
  await form.getByLabel("Export file").setInputFiles(like);
  await form.getByRole("button", { name: "Import file" }).click();
  await form.getByRole("alert").getByText("Nothing was imported: like.ndjson contains no note or comment").waitFor();
  await form.getByRole("listitem").getByText("Line 1: must be ").waitFor();
});

test("a note and a comment say who imported them", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const key = `imported-${crypto.randomUUID()}`;
  const title = titled("Under another name");
  const created = "2026-11-23T20:17:00.000Z";
  const note = {
    key,
    title,
    body: "Milk",
    author: ada.username,
    editor: ada.username,
    version: 1,
    created,
    updated: created,
  };
  const id = `01a20a0e-0260-7c4b-9d52-${crypto.randomUUID().slice(-12)}`;
  const comment = { id, key, author: ada.username, message: "And bread?", created, noteCreated: created };
  await atAccount(grace);
  await imports(grace, `\ufeff${JSON.stringify({ note })}\r\n\r\n${JSON.stringify({ comment })}\r\n\r\n`);
  await grace.page.getByText("2 lines: 2 imported, 0 already there, 0 rejected").waitFor();

  await ada.open(title);
  const bylines = ada.page.locator("main .byline").filter({ hasText: `Imported by ${grace.username}` });
  await ada.commented("And bread?").waitFor();
  assert.equal(await bylines.count(), 2);
  await ada.edit();
  await ada.field("Text").fill("Milk and bread");
  await ada.save();
  await ada.page.getByRole("article").getByText("Milk and bread").waitFor();
  assert.equal(await bylines.count(), 2, "who created it is still the importer's word");
});

test("a user cancels an import and continues it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await atAccount(ada);
  const form = section(ada, "Import");
  let asked;
  const held = new Promise((ask) => (asked = ask));
  await ada.page.route("**/api/import", asked);
  const buffer = Buffer.from("{}\n".repeat(300));
  await form.getByLabel("Export file").setInputFiles({ name: "some.ndjson", mimeType: "", buffer });
  await form.getByRole("button", { name: "Import file" }).press("Enter");
  await held;
  await form.getByRole("button", { name: "Cancel" }).press("Enter");
  await form.getByText("Cancelled.").waitFor();
  await form.getByText("0 lines:").waitFor();

  await ada.page.unroute("**/api/import");
  await form.getByRole("button", { name: "Continue" }).click();
  await form.getByText("300 lines: 0 imported, 0 already there, 300 rejected").waitFor();
  await form.getByText("and 200 more lines").waitFor();
});

test("a user who knows the password deletes the account", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await atAccount(ada);
  await ada.page.getByRole("button", { name: "Delete account…" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Delete account" });
  await dialog.getByLabel("Your password").fill("not my password");
  await dialog.getByRole("button", { name: "Delete account permanently" }).click();
  await dialog.getByText("Your password is wrong.").waitFor();
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Delete account permanently" }).click();
  await ada.heading("Sign in").waitFor();
  await ada.signIn();
  await ada.page.getByText("The username or the password is wrong.").waitFor();
});
