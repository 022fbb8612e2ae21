// Exporting the notes of a board, and importing them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { address, launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const section = (person, name) => person.page.getByRole("region", { name, exact: true });

/** Opens the view of a board where notes are exported and imported. */
async function atMembers(person, board) {
  await person.goTo(`#/boards/${board}/members`);
  await section(person, "Export").waitFor();
}

/** Returns the file of an export. */
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

/** Returns the lines of an export that are about a note. */
function linesAbout(text, key) {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.filter((line) => (JSON.parse(line).note ?? JSON.parse(line).comment).key === key);
}

/** Writes a note over the API. Returns the status of the response. */
async function wrote({ context }, board, key, note) {
  const options = { data: note, headers: { "if-none-match": "*" } };
  return (await context.request.put(`${address}/api/boards/${board}/notes/${key}`, options)).status();
}

/** Deletes the first version of a note over the API. Returns the status of the response. */
async function deleted({ context }, board, key) {
  const options = { headers: { "if-match": '"1"' } };
  return (await context.request.delete(`${address}/api/boards/${board}/notes/${key}`, options)).status();
}

test("an import skips what exists and restores what was deleted", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Kept");
  const key = crypto.randomUUID();
  const board = await ada.createBoard(titled("Kitchen"), { [grace.username]: "owner" });
  assert.equal(await wrote(ada, board, key, { title, body: "Milk, and bread." }), 201);
  await ada.goTo(`#/boards/${board}`);
  await ada.open(title);
  await ada.comment("And butter?");
  await ada.commented("And butter?").waitFor();
  await atMembers(ada, board);
  const lines = linesAbout(await exported(ada), key);
  assert.equal(lines.length, 2);
  await section(ada, "Export")
    .getByText(/notes? exported\.$/)
    .waitFor();

  const again = await imports(ada, `${lines.join("\n")}\n`);
  await again.getByText("2 lines: 0 imported, 2 already there, 0 rejected").waitFor();

  await atMembers(grace, board);
  assert.equal(await deleted(ada, board, key), 204);
  await grace.listed(title).waitFor({ state: "detached" });
  // The comment stays in place while its note is in the trash.
  const back = await imports(grace, lines.join("\n"));
  await back.getByText("2 lines: 1 imported, 1 already there, 0 rejected").waitFor();
  await grace.open(title);
  await grace.article.getByText("Milk, and bread.").waitFor();
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
  await atMembers(ada, await ada.createBoard(titled("Kitchen")));
  const form = await imports(ada, ["this is not JSON", long, JSON.stringify({ note })].join("\n"));
  await form.getByText("3 lines: 1 imported, 0 already there, 2 rejected").waitFor();
  const refused = form.getByRole("list", { name: "Rejected lines" }).getByRole("listitem");
  assert.match(await refused.nth(0).textContent(), /^Line 1: this is not JSON/);
  assert.equal(await refused.nth(1).textContent(), "Line 2: is longer than any note");
});

test("the page rejects a file that is not an export and says why", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await atMembers(ada, await ada.createBoard(titled("Kitchen")));
  const form = section(ada, "Import");
  let requests = 0;
  ada.page.on("request", (request) => (requests += request.url().endsWith("/import") ? 1 : 0));
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

  // A file with lines like those of an export is sent, and its errors are shown.
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
  const board = await grace.createBoard(titled("Kitchen"), { [ada.username]: "editor" });
  await atMembers(grace, board);
  await imports(grace, `\ufeff${JSON.stringify({ note })}\r\n\r\n${JSON.stringify({ comment })}\r\n\r\n`);
  await grace.page.getByText("2 lines: 2 imported, 0 already there, 0 rejected").waitFor();

  await ada.goTo(`#/boards/${board}`);
  await ada.open(title);
  const bylines = ada.page.locator("main .byline").filter({ hasText: `Imported by ${grace.username}` });
  await ada.commented("And bread?").waitFor();
  assert.equal(await bylines.count(), 2);
  await ada.replaceText("Milk and bread");
  await ada.article.getByText("Milk and bread").waitFor();
  await ada.isSaved();
  assert.equal(await bylines.count(), 2, "who created it is still the importer's word");
});

test("a user cancels an import and continues it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await atMembers(ada, await ada.createBoard(titled("Kitchen")));
  const form = section(ada, "Import");
  let asked;
  const held = new Promise((ask) => (asked = ask));
  await ada.page.route("**/api/boards/*/import", asked);
  const buffer = Buffer.from("{}\n".repeat(300));
  await form.getByLabel("Export file").setInputFiles({ name: "some.ndjson", mimeType: "", buffer });
  await form.getByRole("button", { name: "Import file" }).press("Enter");
  await held;
  await form.getByRole("button", { name: "Cancel" }).press("Enter");
  await form.getByText("Cancelled.").waitFor();
  await form.getByText("0 lines:").waitFor();

  await ada.page.unroute("**/api/boards/*/import");
  await form.getByRole("button", { name: "Continue" }).click();
  await form.getByText("300 lines: 0 imported, 0 already there, 300 rejected").waitFor();
  await form.getByText("and 200 more lines").waitFor();
});
