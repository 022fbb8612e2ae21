import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBrowser, pass, until } from "./testing/browser.ts";
import { FakeServer } from "./testing/server.ts";

let server: FakeServer;
let ada: FakeBrowser;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new FakeServer();
  ada = new FakeBrowser(server, "ada");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a note opens with the text that the server has, over the live connection alone", async () => {
  server.write("plan", "First.");
  const tab = await ada.openTab();
  const document = await tab.openReady("plan");
  expect([document.text.toString(), document.title.value, document.saving.value]).toEqual(["First.", "Plan", "saved"]);
  expect(server.requests).not.toContain("GET plan/document");
});

test("a document that is too long for a frame is read over HTTP", async () => {
  server.write("plan", "First.");
  server.hasShortFrames = true;
  const document = await (await ada.openTab()).openReady("plan");
  expect(document.text.toString()).toBe("First.");
  expect(server.requests).toContain("GET plan/document");
});

test("a note that was open before opens without a connection, with what was typed last", async () => {
  server.write("plan", "First.");
  const tab = await ada.openTab();
  const document = await tab.openReady("plan");
  document.text.insert(6, " Second.");
  await until(() => document.saving.value === "saved");
  await pass(3_000);
  await tab.crash();
  ada.goOffline();
  const again = await (await ada.openTab()).openReady("plan");
  expect(again.text.toString()).toBe("First. Second.");
});

test("what is typed as soon as a note opens can be shown later without a connection", async () => {
  server.write("plan", "First.");
  const tab = await ada.openTab();
  const document = await tab.openReady("plan");
  ada.goOffline();
  document.text.insert(6, " Second.");
  await tab.crash();
  const again = await (await ada.openTab()).openReady("plan");
  expect(again.text.toString()).toBe("First. Second.");
  await until(() => again.saving.value === "offline");
});

test("a note that was never open here is missing without a connection, and comes with it", async () => {
  server.write("plan", "First.");
  ada.goOffline();
  const document = (await ada.openTab()).open("plan");
  await until(() => document.state.value === "missing");
  ada.goOnline();
  await until(() => document.state.value === "ready");
  expect(document.text.toString()).toBe("First.");
});

test("a note that does not exist is missing", async () => {
  const document = (await ada.openTab()).open("plan");
  await until(() => document.state.value === "missing");
});

test("only what the cached document lacks is sent to a page that joins", async () => {
  const { doc } = server.write("plan", "x".repeat(5_000));
  const tab = await ada.openTab();
  (await tab.openReady("plan")).text.insert(0, "a");
  await pass(5_000);
  await tab.crash();
  doc.getText("text").insert(0, "b");
  const later = await ada.openTab();
  const sizes: (number | undefined)[] = [];
  const live = later.page.channel.noteOf(later.idOf("plan"));
  live.listen((event) => event.kind === "document" && sizes.push(event.update?.length));
  live.open();
  await until(() => sizes.length > 0);
  expect(sizes[0]).toBeLessThan(100);
});

test("a tab that lacks more than the cached document reads the rest", async () => {
  server.write("plan", "First.");
  const one = await (await ada.openTab()).openReady("plan");
  const sockets = new Set(server.rooms.get("plan"));
  const other = await (await ada.openTab()).openReady("plan");
  const theirs = await (await new FakeBrowser(server, "grace").openTab()).openReady("plan");
  server.losesEvent = (socket) => socket.client === ada && !sockets.has(socket);
  await pass(3_000);
  theirs.text.insert(0, "a");
  await until(() => one.text.toString() === "aFirst.");
  await pass(5_000);
  expect(other.text.toString()).toBe("First.");
  ada.breakConnections();
  await until(() => other.text.toString() === "aFirst.");
});
