import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBrowser, type FakeTab, pass, settle, until } from "./testing/browser.ts";
import { FakeServer } from "./testing/server.ts";

let server: FakeServer;
let ada: FakeBrowser;
let tab: FakeTab;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new FakeServer();
  ada = new FakeBrowser(server, "ada");
  tab = await ada.openTab();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const noteOf = (key: string) => server.notes.get(key)?.note;

test("a new note exists from its first character, without a title until one is typed", async () => {
  const document = await tab.begin();
  const { key } = document.note;
  expect([document.saving.value, document.exists.value, await tab.page.unsent.all()]).toEqual(["blank", false, []]);
  document.text.insert(0, "a");
  await until(() => document.saving.value === "saved");
  expect([document.exists.value, server.textOf(key), noteOf(key)?.title]).toEqual([true, "a", "Untitled"]);
  expect(document.title.value).toBe("");
  document.setTitle("Plan");
  await until(() => noteOf(key)?.title === "Plan");
  await until(async () => (await tab.page.unsent.all()).length === 0);
});

test("a new note is created with the title that was typed first", async () => {
  const document = await tab.begin();
  document.setTitle("Plan ");
  await until(() => document.saving.value === "saved");
  expect(server.requests.filter((request) => /^P/.test(request))).toEqual([`PUT ${document.note.key}`]);
  expect(await tab.page.unsent.all()).toEqual([]);
});

test("a note that was begun without a connection is there after a reload, and is created with the connection", async () => {
  ada.goOffline();
  const document = await tab.begin();
  document.setTitle("Plan");
  document.text.insert(0, "a");
  await until(() => document.saving.value === "offline");
  await tab.crash();
  tab = await ada.openTab();
  await until(() => tab.page.unsentNotes.value.length > 0);
  expect(tab.page.unsentNotes.value).toEqual([{ note: document.note, title: "Plan" }]);
  const again = await tab.openReady(document.note.key);
  expect([again.text.toString(), again.title.value, again.exists.value]).toEqual(["a", "Plan", false]);
  ada.goOnline();
  await until(() => again.saving.value === "saved");
  expect([server.textOf(document.note.key), noteOf(document.note.key)?.title]).toEqual(["a", "Plan"]);
  await until(async () => (await tab.page.unsent.all()).length === 0);
  expect(tab.page.unsentNotes.value).toEqual([]);
});

test("the title of a new note is known without a connection, though the note was not read since", async () => {
  const document = await tab.begin();
  server.losesResponse = (request) => request === `GET ${document.note.key}`;
  server.deliver = () => {};
  document.setTitle("Plan");
  document.text.insert(0, "a");
  await until(() => server.notes.size === 1 && document.exists.value);
  ada.goOffline();
  document.text.insert(1, "b");
  await tab.crash();
  tab = await ada.openTab();
  await until(() => tab.page.unsentNotes.value.length > 0);
  expect(tab.page.unsentNotes.value).toEqual([{ note: document.note, title: "Plan" }]);
});

test("a note that was begun without a connection is created without being opened again", async () => {
  ada.goOffline();
  const { note, text } = await tab.begin();
  text.insert(0, "a");
  await tab.crash();
  ada.goOnline();
  tab = await ada.openTab();
  await until(async () => (await tab.page.unsent.all()).length === 0);
  expect([server.textOf(note.key), noteOf(note.key)?.title]).toEqual(["a", "Untitled"]);
});

test.each(["the creation", "the first edit"])(
  "a lost response to %s makes no second note and no second text",
  async (of) => {
    const document = await tab.begin();
    const isLost = of === "the creation" ? /^PUT/ : /^POST|^edit/;
    let lost = 0;
    server.losesResponse = (request) => isLost.test(request) && ++lost === 1;
    document.text.insert(0, "a");
    await until(() => lost > 0);
    document.text.insert(1, "b");
    await until(() => document.saving.value === "saved");
    expect([server.notes.size, server.textOf(document.note.key)]).toEqual([1, "ab"]);
  },
);

test("a crash after the creation neither creates the note again nor loses its text", async () => {
  const { note, text } = await tab.begin();
  text.insert(0, "a");
  await settle();
  server.refusal = "quota-reached";
  await until(() => server.notes.size === 1);
  await tab.crash();
  server.destroy(note.key);
  server.refusal = undefined;
  tab = await ada.openTab();
  await pass(5_000);
  // It was deleted after it was created. What was typed waits for its author.
  expect(server.notes.size).toBe(0);
  expect(tab.page.unsentNotes.value).toHaveLength(1);
});

test("two tabs write one new note together, also without a connection", async () => {
  ada.goOffline();
  const document = await tab.begin();
  document.text.insert(0, "a");
  await settle();
  const other = await ada.openTab();
  const theirs = await other.openReady(document.note.key);
  expect(theirs.text.toString()).toBe("a");
  theirs.text.insert(1, "b");
  await settle();
  expect(document.text.toString()).toBe("ab");
  ada.goOnline();
  await until(() => document.saving.value === "saved" && theirs.saving.value === "saved");
  await until(() => server.textOf(document.note.key) === "ab");
  expect(server.notes.size).toBe(1);
  document.text.insert(2, "c");
  await until(() => theirs.text.toString() === "abc");
});
