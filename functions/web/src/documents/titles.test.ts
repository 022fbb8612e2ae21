import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OpenDocument } from "./open-document.ts";
import { FakeBrowser, type FakeTab, pass, until } from "./testing/browser.ts";
import { FakeServer } from "./testing/server.ts";

let server: FakeServer;
let ada: FakeBrowser;
let tab: FakeTab;
let document: OpenDocument;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new FakeServer();
  server.write("plan", "First.");
  ada = new FakeBrowser(server, "ada");
  tab = await ada.openTab();
  document = await tab.openReady("plan");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const patches = () => server.requests.filter((request) => request === "PATCH plan").length;
const titleOnServer = () => server.notes.get("plan")?.note.title;
const rename = (title: string) => {
  const { note } = server.notes.get("plan")!;
  note.title = title;
  note.version += 1;
  server.push("plan", "noteupdated", { note });
};

test("a title is saved a second after typing, once", async () => {
  for (const title of ["T", "Tr", "Trip"]) {
    document.setTitle(title);
    await pass(500);
  }
  expect([patches(), document.saving.value]).toEqual([0, "saving"]);
  await pass(500);
  expect([patches(), titleOnServer(), document.saving.value]).toEqual([1, "Trip", "saved"]);
});

test("a title that others change is shown, but never while the field has the focus or unsent text", async () => {
  rename("Others'");
  await until(() => document.title.value === "Others'");
  document.holdTitle(true);
  rename("Again");
  await pass(1_000);
  expect(document.title.value).toBe("Others'");
  document.setTitle("Mine ");
  rename("Once more");
  await until(() => document.saving.value === "saved");
  expect([titleOnServer(), document.title.value]).toEqual(["Mine", "Mine "]);
  document.holdTitle(false);
  expect(document.title.value).toBe("Mine");
});

test("a title that is empty or too long is not sent, and says so", async () => {
  document.setTitle(" ");
  expect([document.titleError.value, document.saving.value]).toEqual(["empty", "saved"]);
  document.setTitle("x".repeat(201));
  expect(document.titleError.value).toBe("too-long");
  await pass(5_000);
  expect([patches(), document.title.value]).toEqual([0, "x".repeat(201)]);
  document.setTitle("🦀".repeat(200));
  expect(document.titleError.value).toBeUndefined();
  await until(() => titleOnServer() === "🦀".repeat(200));
});

test("a title that was typed without a connection is there after a reload, and is sent with the connection", async () => {
  await pass(3_000);
  ada.goOffline();
  document.setTitle("Trip");
  await until(() => document.saving.value === "offline");
  await tab.crash();
  tab = await ada.openTab();
  document = await tab.openReady("plan");
  expect(document.title.value).toBe("Trip");
  ada.goOnline();
  await until(() => document.saving.value === "saved");
  expect([titleOnServer(), await tab.page.unsent.all()]).toEqual(["Trip", []]);
});

test("a title is known without a connection as soon as it is saved, though its push is lost", async () => {
  await pass(3_000);
  server.deliver = () => {};
  document.setTitle("Trip");
  await until(() => document.saving.value === "saved");
  ada.goOffline();
  document.text.insert(0, "a");
  await tab.crash();
  tab = await ada.openTab();
  await until(() => tab.page.unsentNotes.value.length > 0);
  expect(tab.page.unsentNotes.value).toEqual([{ note: document.note, title: "Trip" }]);
});

test("a title that was left by a crash is sent without opening the note", async () => {
  document.setTitle("Trip");
  await tab.crash();
  tab = await ada.openTab();
  await until(async () => titleOnServer() === "Trip" && (await tab.page.unsent.all()).length === 0);
});

test("typing the saved title again leaves nothing to send", async () => {
  document.setTitle("Trip");
  document.setTitle("Plan");
  expect(document.saving.value).toBe("saved");
  await pass(2_000);
  expect([patches(), await tab.page.unsent.all()]).toEqual([0, []]);
});
