// The live list, as the unmodified socket.io-client sees it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { PATIENCE_MS } from "./client.mjs";
import { Page } from "./page.mjs";
import { TestUser } from "./test-user.mjs";

const title = (name) => `${name} ${randomUUID()}`;

test("a client that joins receives the list", async (t) => {
  const user = await TestUser.signUp();
  const first = await user.create(title("first"));
  const second = await user.create(title("second"));
  const page = Page.open(t, user);
  await page.until("a list comes", () => page.received > 0);
  const { list } = page;
  assert.deepEqual(Object.keys(list).sort(), ["board", "more", "notelist", "revision"]);
  assert.equal(list.more, false);
  assert.deepEqual(
    list.notelist.filter((row) => row.key === first.key || row.key === second.key),
    [second, first].map(({ key, title, updated, editor }) => ({ key, title, updated, editor })),
    "newest first",
  );
});

test("a create, an update and a delete each reach every page, in lists of rising revision", async (t) => {
  const [writer, reader] = await Promise.all([TestUser.signUp(), TestUser.signUp()]);
  const pages = [Page.open(t, writer), Page.open(t, reader)];
  const everywhere = (what, holds) => Promise.all(pages.map((page) => page.until(what, () => holds(page))));
  await everywhere("a list comes", (page) => page.received > 0);
  const revisions = pages.map((page) => [page.list.revision]);
  const noteRevisions = () => pages.forEach((page, index) => void revisions[index].push(page.list.revision));

  const note = await writer.create(title("created"));
  await everywhere("the new note is listed", (page) => page.shows(note.title));
  noteRevisions();
  const row = pages[1].list.notelist.find(({ key }) => key === note.key);
  assert.deepEqual(row, { key: note.key, title: note.title, updated: note.updated, editor: note.editor });

  const renamed = await writer.rename(note, title("updated"));
  await everywhere("its new title is listed", (page) => page.shows(renamed.title));
  noteRevisions();
  for (const page of pages) assert.ok(!page.shows(note.title), "the old title is gone");

  await writer.destroy(renamed);
  await everywhere("it is gone", (page) => !page.shows(renamed.title));
  noteRevisions();

  for (const each of revisions) {
    assert.equal(each.length, 4);
    for (const [index, revision] of each.entries()) {
      assert.ok(index === 0 || revision > each[index - 1], `the revisions rise: ${each}`);
    }
  }
});

test("a page without a session is refused, and does not try again", async (t) => {
  const page = Page.open(t);
  await page.until("it is refused", () => page.errors.length > 0);
  assert.equal(page.errors[0].data.code, "unauthenticated");
  assert.equal(page.socket.connected, false);
  assert.equal(page.socket.active, false, "it has given up");
  assert.equal(page.received, 0);
});

test("a client with an invalid session is refused", async (t) => {
  const page = Page.open(t, { cookie: `__Host-notes-session=ada.${"A".repeat(43)}` });
  await page.until("it is refused", () => page.errors.length > 0);
  assert.equal(page.errors[0].data.code, "unauthenticated");
  assert.equal(page.socket.active, false);
});

test("signing out closes that session's sockets and no others, and they cannot come back", async (t) => {
  const here = await TestUser.signUp();
  const there = await here.signInAgain();
  const [leaving, staying] = [Page.open(t, here), Page.open(t, there)];
  await leaving.until("a list comes", () => leaving.received > 0);
  await staying.until("a list comes", () => staying.received > 0);

  await here.signOut();
  await leaving.until("it is refused", () => leaving.errors.some((error) => error.data?.code === "unauthenticated"));
  assert.equal(leaving.disconnects.length, 1, "it was closed, once");
  assert.equal(leaving.socket.active, false);

  const note = await there.create(title("still here"));
  await staying.until("the other session hears of it", () => staying.shows(note.title));
  assert.deepEqual(staying.disconnects, []);
});

test("a client that the server disconnects reconnects and receives a new list", async (t) => {
  const former = await TestUser.signUp();
  const page = Page.open(t, former);
  await page.until("a list comes", () => page.received > 0);
  // The user signs in again at another tab, and the old session ends. The browser's next handshake has the new cookie.
  const user = await former.signInAgain();
  page.socket.io.opts.extraHeaders.cookie = user.cookie;
  const before = page.received;

  await former.signOut();
  await page.until("it is closed", () => page.disconnects.length > 0);
  const note = await user.create(title("meanwhile"));
  await page.until("it is back and up to date", () => page.received > before && page.shows(note.title));
  assert.equal(page.socket.connected, true);
  assert.deepEqual(page.errors, []);
});

test("a malformed packet closes that connection and no other", async (t) => {
  const user = await TestUser.signUp();
  const [rude, polite] = [Page.open(t, user), Page.open(t, user)];
  await rude.until("a list comes", () => rude.received > 0);
  await polite.until("a list comes", () => polite.received > 0);

  const before = rude.received;
  rude.socket.io.engine.write("no packet of any kind");
  await rude.until("it is closed", () => rude.disconnects.length > 0);
  await rude.until("it is back", () => rude.received > before);

  const note = await user.create(title("undisturbed"));
  await polite.until("the other page hears of it", () => polite.shows(note.title));
  assert.deepEqual(polite.disconnects, []);
});

test("a page of another origin is refused at the handshake", async (t) => {
  const user = await TestUser.signUp();
  const page = Page.open(t, { cookie: user.cookie, headers: { origin: "https://evil.example" } });
  await page.until("it is refused", () => page.errors.length > 0);
  assert.match(String(page.errors[0].description?.message), /403/);
  assert.equal(page.received, 0);
});

test("an unknown namespace is refused, and /home stays open", async (t) => {
  const page = Page.open(t, await TestUser.signUp());
  await page.until("a list comes", () => page.received > 0);
  const other = page.socket.io.socket("/nowhere");
  const refused = new Promise((resolve) => other.once("connect_error", resolve));
  other.connect();
  assert.equal((await refused).message, "Invalid namespace");
  assert.equal(page.socket.connected, true);
  assert.deepEqual(page.disconnects, []);
});

test("a member opens a board beside the first one, and is told when the membership ends", async (t) => {
  const [ada, grace] = [await TestUser.signUp(), await TestUser.signUp()];
  const board = await ada.createBoard("Plans", title("plan"));
  const page = Page.open(t, grace);
  await page.until("a list comes", () => page.received > 0);
  let told = 0;
  page.on("boards", () => {
    told += 1;
  });
  const open = () => page.socket.timeout(PATIENCE_MS).emitWithAck("open-board", { board: board.id });
  assert.equal((await open()).error.code, "no-such-board");

  await ada.setRole(board, grace, "reader");
  await page.until("she is told", () => told > 0);
  const lists = [];
  page.on("notetitles", (list) => lists.push(list));
  assert.deepEqual(await open(), {});
  await page.until("its list comes", () => lists.some((list) => list.board === board.id && list.notelist.length === 1));

  const before = told;
  await ada.removeMember(board, grace);
  await page.until("she is told", () => told > before);
  assert.equal((await open()).error.code, "no-such-board");
  assert.deepEqual(page.disconnects, []);
});
