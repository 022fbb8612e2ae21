import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBrowser, type FakeTab, pass, settle, until } from "./testing/browser.ts";
import { FakeServer } from "./testing/server.ts";

let server: FakeServer;
let ada: FakeBrowser;
let tab: FakeTab;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new FakeServer();
  server.write("plan", "First.");
  ada = new FakeBrowser(server, "ada");
  tab = await ada.openTab();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Asks what is unsaved, as signing out does. */
async function ask(of = tab) {
  let unsaved: Awaited<ReturnType<typeof of.page.unsaved.saveAll>> | undefined;
  void of.page.unsaved.saveAll().then((found) => (unsaved = found));
  await until(() => unsaved !== undefined);
  return unsaved!;
}

test("signing out saves what can be saved in every tab, and asks about nothing then", async () => {
  const other = await ada.openTab();
  (await tab.openReady("plan")).text.insert(0, "a");
  (await other.openReady("plan")).text.insert(0, "b");
  expect(await ask()).toEqual([]);
  expect([...server.textOf("plan")!].sort().join("")).toBe([..."abFirst."].sort().join(""));
});

test("signing out asks about what could not be saved in any tab, and deletes it only then", async () => {
  await tab.openReady("plan");
  const other = await ada.openTab();
  const theirs = await other.openReady("plan");
  ada.goOffline();
  theirs.text.insert(0, "b");
  const unsaved = await ask();
  expect(unsaved).toEqual([{ kind: "note", note: tab.idOf("plan") }]);
  await pass(60_000);
  expect(await tab.page.unsent.unsentOf("ada")).toHaveLength(1);
  await tab.page.unsaved.clear(unsaved);
  await settle();
  expect([await tab.page.unsent.all(), theirs.saving.value]).toEqual([[], "saved"]);
});

test("what is typed after the question stays for its author", async () => {
  server.write("other", "Other.");
  const other = await ada.openTab();
  const theirs = await other.openReady("other");
  (await tab.openReady("plan")).text.insert(0, "a");
  ada.goOffline();
  const unsaved = await ask();
  theirs.text.insert(0, "b");
  await settle();
  await tab.page.unsaved.clear(unsaved);
  const left = await tab.page.unsent.unsentOf("ada");
  expect(left.map(({ note }) => note.key)).toEqual(["other"]);
});

test("a session that ends keeps what is unsent, and sends it when its user is back", async () => {
  const document = await tab.openReady("plan");
  await pass(3_000);
  ada.isSignedIn = false;
  document.text.insert(0, "a");
  await pass(5_000);
  tab.end();
  await settle();
  expect(server.textOf("plan")).toBe("First.");
  ada.isSignedIn = true;
  tab.enter("ada");
  const again = await tab.openReady("plan");
  expect(again.text.toString()).toBe("aFirst.");
  await until(() => again.saving.value === "saved" && server.textOf("plan") === "aFirst.");
});

test("another user of the browser neither sees nor sends what the first one left", async () => {
  const document = await tab.openReady("plan");
  await pass(3_000);
  ada.goOffline();
  document.text.insert(0, "a");
  await settle();
  tab.end();
  ada.goOnline();
  tab.enter("grace");
  const theirs = await tab.openReady("plan");
  await pass(60_000);
  expect([theirs.text.toString(), tab.page.unsentNotes.value]).toEqual(["First.", []]);
  tab.end();
  tab.enter("ada");
  await until(() => server.textOf("plan") === "aFirst.");
});

test("a document with unsent edits stays in the cache when the session ends, and others do not", async () => {
  server.write("other", "Other.");
  const document = await tab.openReady("plan");
  await tab.openReady("other");
  await pass(3_000);
  ada.goOffline();
  document.text.insert(0, "a");
  await settle();
  tab.end();
  await settle();
  const { states } = tab.page;
  const cached = await Promise.all(["plan", "other"].map((key) => states.read("ada", tab.idOf(key))));
  expect(cached.map((state) => state !== undefined)).toEqual([true, false]);
});

test("notes with unsent edits are listed, open or not", async () => {
  server.write("other", "Other.");
  const document = await tab.openReady("plan");
  const other = await tab.openReady("other");
  await pass(3_000);
  ada.goOffline();
  document.text.insert(0, "a");
  other.text.insert(0, "b");
  expect(tab.page.unsentNotes.value.map(({ note }) => note.key).sort()).toEqual(["other", "plan"]);
  other.close();
  await until(() => tab.page.unsentNotes.value.length === 2);
  expect(tab.page.unsentNotes.value.at(-1)).toEqual({ note: tab.idOf("other"), title: "Plan" });
  ada.goOnline();
  await until(() => tab.page.unsentNotes.value.length === 0);
});

test("a tab is writing until a minute after the last change", async () => {
  const { isWriting } = tab.page.unsaved;
  const document = await tab.openReady("plan");
  expect(isWriting()).toBe(false);
  document.text.insert(0, "a");
  await pass(50_000);
  expect([document.saving.value, isWriting()]).toEqual(["saved", true]);
  await pass(11_000);
  expect(isWriting()).toBe(false);
});
