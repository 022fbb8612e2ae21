// A live note and its comments, as the unmodified socket.io-client sees them.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Page } from "./page.mjs";
import { Reader } from "./reader.mjs";
import { TestUser } from "./test-user.mjs";

const title = (name) => `${name} ${randomUUID()}`;

/** Creates a user with a note. */
async function author() {
  const user = await TestUser.signUp();
  return [user, await user.create(title("note"), "Milk")];
}

/** Returns readers of a note that have joined it. */
function readers(t, note, ...users) {
  return Promise.all(users.map((user) => Reader.open(t, user, note).joined()));
}

test("a client that joins a note receives it and its comments", async (t) => {
  const [ada, note] = await author();
  const [reader] = await readers(t, note, ada);
  assert.deepEqual(reader.note, note);
  assert.deepEqual([reader.comments, reader.cursor], [[], undefined]);
});

test("an update reaches the readers of that note and of no other, in rising versions", async (t) => {
  const [ada, note] = await author();
  const other = await ada.create(title("other"));
  const grace = await TestUser.signUp();
  const [hers, theirs] = await readers(t, note, ada, grace);
  const [elsewhere] = await readers(t, other, grace);

  const second = await ada.rename(note, title("second"));
  const third = await grace.rename(second, title("third"));
  for (const reader of [hers, theirs]) {
    await reader.until("the last version comes", () => reader.note.version === 3);
    assert.deepEqual(reader.note, third);
    assert.deepEqual(reader.versions, [...new Set(reader.versions)].sort(), "they rise");
  }

  const renamed = await ada.rename(other, title("other renamed"));
  await elsewhere.until("its own update comes", () => elsewhere.note.version === 2);
  assert.deepEqual([elsewhere.note, elsewhere.versions], [renamed, [1, 2]]);
});

test("a note that is too long for a frame comes without its body, which is read over HTTP", async (t) => {
  const ada = await TestUser.signUp();
  const note = await ada.create(title("long"), "x".repeat(40_000));
  const [reader] = await readers(t, note, ada);
  const { body, ...head } = note;
  assert.deepEqual(reader.note, head);
  assert.equal((await ada.read(note)).body, body);

  await ada.rename(note, title("still long"));
  await reader.until("the update comes", () => reader.note.version === 2);
  assert.equal("body" in reader.note, false);
});

test("the deletion of a note reaches its readers", async (t) => {
  const [ada, note] = await author();
  const [reader] = await readers(t, note, await TestUser.signUp());
  await ada.destroy(note);
  await reader.until("its end comes", () => reader.destroyed.length > 0);
  assert.deepEqual(reader.destroyed, [note.key]);
  assert.deepEqual(reader.disconnects, []);
});

test("presence tells readers who joins and leaves", async (t) => {
  const [ada, note] = await author();
  const grace = await TestUser.signUp();
  const [hers] = await readers(t, note, ada);
  await hers.sees(ada);
  const { revision } = hers.presence;
  assert.deepEqual(hers.presence, {
    board: "team",
    key: note.key,
    revision,
    people: [{ username: ada.username, displayName: ada.username }],
    more: 0,
  });

  const [theirs, again] = await readers(t, note, grace, grace);
  await Promise.all([hers, theirs, again].map((reader) => reader.sees(ada, grace)));
  again.socket.disconnect();
  theirs.socket.disconnect();
  await hers.sees(ada);
  assert.ok(hers.presence.revision > revision);

  const there = await grace.signInAgain();
  await readers(t, note, there);
  await hers.sees(ada, grace);
  await there.signOut();
  await hers.sees(ada);
});

test("/home and /notes share one connection, and can be left separately", async (t) => {
  const [ada, note] = await author();
  const page = Page.open(t, ada);
  await page.until("a list comes", () => page.received > 0);
  const connection = page.socket.io.engine.id;
  const reader = await Reader.beside(t, page, { key: note.key }).joined();
  assert.equal(reader.socket.io.engine.id, connection);
  assert.notEqual(reader.socket.id, page.socket.id);

  const renamed = await ada.rename(note, title("renamed"));
  await reader.until("the note changes", () => reader.note.version === 2);
  await page.until("the list changes", () => page.shows(renamed.title));

  reader.socket.disconnect();
  const again = await ada.rename(renamed, title("renamed again"));
  await page.until("the list changes", () => page.shows(again.title));
  assert.equal(reader.note.version, 2, "who left hears no more");
  assert.equal(page.socket.io.engine.id, connection);
  assert.deepEqual(page.disconnects, []);
});

test("a comment is acknowledged as it was stored, and reaches everyone who reads that note", async (t) => {
  const [ada, note] = await author();
  const grace = await TestUser.signUp();
  const other = await ada.create(title("other"));
  const [hers, theirs] = await readers(t, note, ada, grace);
  const [elsewhere] = await readers(t, other, ada);

  const answer = await theirs.ask("create-message", { message: " Milk?\nOr cream? " });
  const { comment } = answer;
  assert.deepEqual(answer, {
    comment: {
      id: comment.id,
      key: note.key,
      author: grace.username,
      message: "Milk?\nOr cream?",
      created: comment.created,
    },
  });
  for (const reader of [hers, theirs]) {
    await reader.until("the comment comes", () => reader.newmessages.length > 0);
    assert.deepEqual(reader.newmessages, [comment]);
  }

  const there = await elsewhere.comment("Elsewhere.");
  await elsewhere.until("that comment comes", () => elsewhere.newmessages.length > 0);
  assert.deepEqual(elsewhere.newmessages, [there]);
});

test("a comment's author, id, key and time come from the server, even if the client sends others", async (t) => {
  const [ada, note] = await author();
  const [reader] = await readers(t, note, ada);
  const claim = { author: "grace", id: "1", key: "other", created: "1970-01-01T00:00:00.000Z" };
  const { comment } = await reader.ask("create-message", { message: "Mine.", ...claim });
  assert.equal(comment.author, ada.username);
  assert.equal(comment.key, note.key);
  assert.notEqual(comment.id, claim.id);
  assert.notEqual(comment.created, claim.created);
});

test("a comment that is sent again with its key is stored once", async (t) => {
  const [ada, note] = await author();
  const [first, again] = await readers(t, note, ada, ada);
  const now = Date.now().toString(16).padStart(12, "0");
  const id = `${now.slice(0, 8)}-${now.slice(8)}-7${randomUUID().slice(15)}`;
  const comment = { message: "Milk?", idempotencyKey: id };
  first.socket.emit("create-message", comment);
  await again.until("the comment comes", () => again.newmessages.length > 0);
  first.socket.io.engine.close();
  const answer = await again.ask("create-message", comment);
  assert.deepEqual(answer.comment, again.newmessages[0]);
  assert.equal(answer.comment.id, id);
  assert.deepEqual((await ada.comments(note)).comments, [answer.comment]);
});

test("a message with half a character is acknowledged, and nothing that JSON can say closes the connection", async (t) => {
  const [ada, note] = await author();
  const page = Page.open(t, ada);
  await page.until("a list comes", () => page.received > 0);
  const reader = await Reader.beside(t, page, { key: note.key }).joined();
  const { comment } = await reader.ask("create-message", { message: "cut \ud83d" });
  assert.equal(comment.message, "cut \ufffd");
  const nested = (levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  assert.deepEqual(await reader.ask("create-message", { message: nested(126) }), {
    errors: { message: "must be a string" },
  });
  assert.equal((await reader.ask("create-message", nested(2_000))).error.code, "too-deep");
  reader.socket.emit("create-message", nested(2_000));
  assert.equal((await reader.comment("Still here.")).message, "Still here.");
  assert.deepEqual([page.disconnects, reader.disconnects], [[], []]);
});

test("an invalid comment is acknowledged with its errors, and the socket stays open", async (t) => {
  const [ada, note] = await author();
  const [reader] = await readers(t, note, ada);
  const length = { errors: { message: "must be 1 to 1024 characters" } };
  assert.deepEqual(await reader.ask("create-message", { message: "" }), length);
  assert.deepEqual(await reader.ask("create-message", { message: " \n\t" }), length);
  assert.deepEqual(await reader.ask("create-message", { message: "x".repeat(1025) }), length);
  assert.deepEqual(await reader.ask("create-message", {}), { errors: { message: "is missing" } });
  assert.deepEqual(await reader.ask("create-message", { message: 7 }), { errors: { message: "must be a string" } });

  const longest = "🦀".repeat(1024);
  assert.equal((await reader.comment(longest)).message, longest, "characters are counted, not bytes");
  assert.deepEqual(reader.disconnects, []);
});

test("a comment is deleted by its author and by the note's author, and by nobody else", async (t) => {
  const [ada, note] = await author();
  const [grace, mary] = await Promise.all([TestUser.signUp(), TestUser.signUp()]);
  const [hers, graces, marys] = await readers(t, note, ada, grace, mary);
  const first = await graces.comment("First.");
  const second = await graces.comment("Second.");
  const notHers = await hers.comment("By the note's author.");

  assert.equal((await marys.ask("delete-message", { id: first.id })).error.code, "forbidden");
  assert.equal((await graces.ask("delete-message", { id: notHers.id })).error.code, "forbidden");
  assert.deepEqual(await graces.ask("delete-message", { id: first.id }), {});
  assert.deepEqual(await hers.ask("delete-message", { id: second.id }), {});
  for (const reader of [hers, graces, marys]) {
    await reader.until("both ends come", () => reader.destroymessages.length === 2);
    assert.deepEqual(reader.destroymessages.toSorted(), [first.id, second.id]);
  }
  assert.deepEqual((await ada.comments(note)).comments, [notHers]);
});

test("deleting a missing comment is acknowledged with an error", async (t) => {
  const [ada, note] = await author();
  const [reader] = await readers(t, note, ada);
  const { id } = await reader.comment("Gone soon.");
  assert.deepEqual(await reader.ask("delete-message", { id }), {});
  for (const gone of [{ id }, { id: "no id" }, { id: 7 }, {}]) {
    assert.equal((await reader.ask("delete-message", gone)).error.code, "not-found", JSON.stringify(gone));
  }
  assert.deepEqual(reader.disconnects, []);
});

test("joining sends the newest 20 comments, and HTTP serves the older ones", async (t) => {
  const [ada, note] = await author();
  const [writer] = await readers(t, note, ada);
  const written = [];
  for (let number = 0; number < 23; number += 1) written.unshift(await writer.comment(`Comment ${number}`));

  const [reader] = await readers(t, note, await TestUser.signUp());
  assert.deepEqual(reader.comments, written.slice(0, 20));
  assert.deepEqual(await ada.comments(note, { cursor: reader.cursor }), { comments: written.slice(20) });
});

test("a note recreated under the key of a deleted one has no comments", async (t) => {
  const ada = await TestUser.signUp();
  const key = `again-${randomUUID()}`;
  const note = await ada.createAs(key, "First");
  const [reader] = await readers(t, note, ada);
  await reader.comment("On the first.");
  await ada.destroy(note);
  await reader.until("its end comes", () => reader.destroyed.length > 0);
  assert.equal((await reader.ask("create-message", { message: "Too late." })).error.code, "not-found");

  const anew = await ada.createAs(key, "Second");
  const [second] = await readers(t, anew, ada);
  assert.deepEqual(second.comments, []);
  assert.deepEqual(await ada.comments(anew), { comments: [] });
});

test("a socket without a session is refused, and does not try again", async (t) => {
  const [, note] = await author();
  const reader = Reader.open(t, {}, note);
  await reader.until("it is refused", () => reader.errors.length > 0);
  assert.equal(reader.errors[0].data.code, "unauthenticated");
  assert.equal(reader.socket.active, false);
  assert.equal(reader.note, undefined);
});

for (const [what, auth, code] of [
  ["that names no note", {}, "invalid-key"],
  ["whose key is no key", { key: "no key/at all" }, "invalid-key"],
  ["whose key is no text", { key: 7 }, "invalid-key"],
  ["to a board that does not exist", { board: "nowhere", key: "a" }, "no-such-board"],
  ["to a note that does not exist", { key: "no-such-note" }, "no-such-note"],
]) {
  test(`a socket ${what} is refused with ${code}, and /home stays open`, async (t) => {
    const ada = await TestUser.signUp();
    const page = Page.open(t, ada);
    await page.until("a list comes", () => page.received > 0);
    const reader = Reader.beside(t, page, auth);
    await reader.until("it is refused", () => reader.errors.length > 0);
    assert.equal(reader.errors[0].data.code, code);
    assert.notEqual(reader.errors[0].message, "");
    assert.equal(reader.socket.active, false, "it does not try again");

    const note = await ada.create(title("undisturbed"));
    await page.until("the list goes on", () => page.shows(note.title));
    assert.deepEqual(page.disconnects, []);
  });
}

test("after a lost connection, a client rejoins both namespaces and receives what it missed", async (t) => {
  const [ada, note] = await author();
  const page = Page.open(t, await TestUser.signUp());
  await page.until("a list comes", () => page.received > 0);
  const reader = await Reader.beside(t, page, { key: note.key }).joined();
  const [writer] = await readers(t, note, ada);
  const before = await writer.comment("Before.");
  await reader.until("the comment comes", () => reader.newmessages.length > 0);

  page.socket.io.engine.close();
  const after = await writer.comment("Meanwhile.");
  await writer.ask("delete-message", { id: before.id });
  const renamed = await ada.rename(note, title("meanwhile"));
  await reader.until("it is back", () => reader.joins === 2);
  // Earlier changes are in the state that it receives, and later changes are pushed.
  const holds = () =>
    reader.note.version === renamed.version &&
    [...reader.comments, ...reader.newmessages].some(({ id }) => id === after.id) &&
    (!reader.comments.some(({ id }) => id === before.id) || reader.destroymessages.includes(before.id));
  await reader.until("it has what it missed", holds);
  await page.until("the list is true", () => page.shows(renamed.title));
  assert.equal(reader.disconnects.length, 1);
});

test("signing out closes that session's readers and no others, and they cannot come back", async (t) => {
  const [here, note] = await author();
  const there = await here.signInAgain();
  const [leaving, staying] = await readers(t, note, here, there);
  await here.signOut();
  await leaving.until("it is refused", () => leaving.errors.some((error) => error.data?.code === "unauthenticated"));
  assert.equal(leaving.disconnects.length, 1, "it was closed, once");
  assert.equal(leaving.socket.active, false);

  const renamed = await there.rename(note, title("still here"));
  await staying.until("the other session hears of it", () => staying.note.version === renamed.version);
  assert.deepEqual(staying.disconnects, []);
});
