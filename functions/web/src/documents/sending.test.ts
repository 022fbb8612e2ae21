import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UndoManager } from "yjs";
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

const edits = () => server.requests.filter((request) => request === "edit" || request === "POST plan/edits");
const unsent = async (of = tab) => (await of.page.unsent.all()).flatMap(({ edits }) => edits);

test("what is typed alone is sent every two seconds, in one event", async () => {
  const document = await tab.openReady("plan");
  for (const letter of "abc") {
    document.text.insert(0, letter);
    await pass(500);
  }
  expect([document.saving.value, edits()]).toEqual(["saving", []]);
  await pass(750);
  expect([document.saving.value, edits(), server.textOf("plan")]).toEqual(["saved", ["edit"], "cbaFirst."]);
});

test("what is typed alone for a long time is sent more and more seldom, at least every half minute", async () => {
  const document = await tab.openReady("plan");
  const sent: number[] = [];
  const begun = Date.now();
  for (let second = 0; second < 100; second += 1) {
    document.text.insert(0, "a");
    await pass(1_000);
    if (edits().length > sent.length) sent.push(Math.round((Date.now() - begun) / 1000));
  }
  const pauses = sent.map((at, index) => at - (sent[index - 1] ?? 0));
  expect(pauses.slice(0, 4)).toEqual([2, 5, 9, 17].map((most) => expect.toSatisfy((pause: number) => pause <= most)));
  expect(sent.length).toBeGreaterThan(4);
  expect(sent.length).toBeLessThan(8);
  // After a rest, the next edit is sent soon again.
  await pass(100_000);
  document.text.insert(0, "b");
  await pass(2_250);
  expect(document.saving.value).toBe("saved");
});

test("what was typed alone is sent at once when somebody comes", async () => {
  const document = await tab.openReady("plan");
  for (let edit = 0; edit < 3; edit += 1) {
    document.text.insert(0, "a");
    await pass(9_000);
  }
  document.text.insert(0, "b");
  await pass(1_000);
  expect(document.saving.value).toBe("saving");
  const grace = new FakeBrowser(server, "grace");
  const theirs = await (await grace.openTab()).openReady("plan");
  await pass(1_000);
  expect([document.saving.value, theirs.text.toString()]).toEqual(["saved", "baaaFirst."]);
});

test("what is typed together with others is sent four times a second", async () => {
  const document = await tab.openReady("plan");
  const grace = new FakeBrowser(server, "grace");
  const theirs = await (await grace.openTab()).openReady("plan");
  document.text.insert(0, "a");
  await pass(250);
  expect([document.saving.value, theirs.text.toString()]).toEqual(["saved", "aFirst."]);
  expect(theirs.writers.value).toEqual(["ada"]);
  await pass(3_000);
  expect(theirs.writers.value).toEqual([]);
});

test("an edit is in the database until the server has it, and the cached document", async () => {
  const document = await tab.openReady("plan");
  document.text.insert(0, "a");
  await settle();
  expect(await unsent()).toHaveLength(1);
  await document.flush();
  expect([await unsent(), document.saving.value]).toEqual([[], "saved"]);
});

test("a text is said to be kept in the browser once it is in the database", async () => {
  const document = await tab.openReady("plan");
  server.losesResponse = () => true;
  document.text.insert(0, "a");
  await until(() => document.saving.value === "offline");
  document.text.insert(0, "b");
  expect(document.saving.value).toBe("saving");
  await until(() => document.saving.value === "offline");
  expect(await unsent()).toHaveLength(2);
});

test("an edit whose acknowledgement is lost is sent again, and is in the text once", async () => {
  const document = await tab.openReady("plan");
  let lost = 0;
  server.losesResponse = (request) => request === "edit" && ++lost === 1;
  document.text.insert(0, "a");
  await until(() => document.saving.value === "offline");
  expect(server.textOf("plan")).toBe("aFirst.");
  await until(() => document.saving.value === "saved");
  expect([edits().length, server.textOf("plan")]).toEqual([2, "aFirst."]);
});

test("what a crash left is sent when the note is opened again", async () => {
  (await tab.openReady("plan")).text.insert(0, "a");
  await tab.crash();
  expect(server.textOf("plan")).toBe("First.");
  tab = await ada.openTab();
  const document = await tab.openReady("plan");
  expect(document.text.toString()).toBe("aFirst.");
  await until(async () => (await unsent()).length === 0);
  expect(server.textOf("plan")).toBe("aFirst.");
});

test("what a crash left is sent without opening the note, and the cached document has it", async () => {
  const document = await tab.openReady("plan");
  await pass(3_000);
  document.text.insert(0, "a");
  await tab.crash();
  tab = await ada.openTab();
  await until(async () => (await unsent()).length === 0);
  expect([server.textOf("plan"), edits()]).toEqual(["aFirst.", ["POST plan/edits"]]);
  ada.goOffline();
  expect((await tab.openReady("plan")).text.toString()).toBe("aFirst.");
});

test("what is typed without a connection is there after a reload, and is sent with the connection", async () => {
  const document = await tab.openReady("plan");
  await pass(3_000);
  ada.goOffline();
  document.text.insert(0, "a");
  await until(() => document.saving.value === "offline");
  await tab.crash();
  tab = await ada.openTab();
  const again = await tab.openReady("plan");
  again.text.insert(0, "b");
  expect(again.text.toString()).toBe("baFirst.");
  ada.goOnline();
  await until(() => again.saving.value === "saved" && server.textOf("plan") === "baFirst.");
});

test("an update beyond a frame goes over HTTP, and what is beyond a request in pieces", async () => {
  const document = await tab.openReady("plan");
  document.text.insert(0, "a".repeat(20_000));
  await until(() => document.saving.value === "saved");
  expect(edits()).toEqual(["POST plan/edits"]);
  ada.goOffline();
  for (let piece = 0; piece < 4; piece += 1) {
    document.text.delete(0, document.text.length);
    document.text.insert(0, String(piece).repeat(150_000));
  }
  await until(() => document.saving.value === "offline");
  server.requests.length = 0;
  ada.goOnline();
  await until(() => document.saving.value === "saved");
  expect(edits().length).toBeGreaterThanOrEqual(2);
  expect(server.textOf("plan")).toBe("3".repeat(150_000));
});

test("a long time without a connection leaves few edits in the database", async () => {
  const document = await tab.openReady("plan");
  ada.goOffline();
  for (let number = 0; number < 250; number += 1) document.text.insert(0, "a");
  await settle();
  expect(await unsent()).toHaveLength(250);
  await until(async () => (await unsent()).length < 10);
  document.text.insert(0, "b");
  await tab.crash();
  tab = await ada.openTab();
  ada.goOnline();
  await until(async () => (await unsent()).length === 0);
  expect(server.textOf("plan")).toBe(`b${"a".repeat(250)}First.`);
});

test("what the server refuses stays, says why, and is sent once it may be", async () => {
  const document = await tab.openReady("plan");
  server.refusal = "read-only";
  document.text.insert(0, "a");
  await until(() => document.saving.value === "refused");
  expect(document.problem.value?.message).toBe("refused: read-only");
  await pass(60_000);
  expect(await unsent()).toHaveLength(1);
  server.refusal = undefined;
  await document.flush();
  expect([document.saving.value, server.textOf("plan")]).toEqual(["saved", "aFirst."]);
});

test("a text that is too long is saved once it is short enough, undone or not", async () => {
  const document = await tab.openReady("plan");
  const undo = new UndoManager(document.text);
  server.longest = 20;
  document.text.insert(6, "x".repeat(30));
  await until(() => document.saving.value === "refused");
  expect(document.problem.value?.code).toBe("too-large");
  document.text.delete(6, 10);
  await pass(5_000);
  expect(document.saving.value).toBe("refused");
  document.text.delete(6, 15);
  await until(() => document.saving.value === "saved");
  expect(server.textOf("plan")).toBe("First.xxxxx");
  undo.destroy();
});

test("one malformed edit does not keep the others from being saved", async () => {
  await tab.openReady("plan");
  await pass(3_000);
  await tab.crash();
  const stored = server.notes.get("plan")!;
  const forged = tab.page.unsent.newEdit(
    "ada",
    tab.idOf("plan"),
    stored.document,
    new Uint8Array([1, 1, 7, 0, 4, 1, 4, 116, 101, 120, 116, 1, 120, 0]),
  );
  await tab.page.unsent.put(forged);
  await tab.page.unsent.put({ ...forged, key: [...forged.key.slice(0, 4), "~"] as never, update: new Uint8Array([9]) });
  tab = await ada.openTab();
  const again = await tab.openReady("plan");
  again.text.insert(again.text.toString().indexOf("rst"), "a");
  await until(() => server.textOf("plan") === "Fiarst.");
  expect(again.saving.value).toBe("refused");
  await until(async () => (await unsent()).length === 2);
});

test("a deleted note keeps what was typed, to be kept as another note or discarded", async () => {
  const document = await tab.openReady("plan");
  server.destroy("plan");
  document.text.insert(0, "a");
  await until(() => document.saving.value === "refused");
  expect([document.text.toString(), document.problem.value?.code]).toEqual(["aFirst.", "no-such-note"]);
  await document.discard();
  expect([document.saving.value, await unsent()]).toEqual(["saved", []]);
});

test("edits are not sent into another note that has the key by now", async () => {
  const document = await tab.openReady("plan");
  await pass(3_000);
  server.destroy("plan");
  server.write("plan", "Another.");
  document.text.insert(0, "a");
  await until(() => document.saving.value === "refused");
  tab.page.channel.noteOf(tab.idOf("plan")).reload();
  await until(() => document.replaced.value);
  expect([server.textOf("plan"), document.text.toString()]).toEqual(["Another.", "aFirst."]);
  await document.discard();
  const other = await tab.openReady("plan");
  expect(other.text.toString()).toBe("Another.");
});

test("without a live connection, edits go over HTTP, and those of others arrive by polling", async () => {
  ada.hasSockets = false;
  tab = await ada.openTab();
  const document = await tab.openReady("plan");
  document.text.insert(0, "a");
  await until(() => document.saving.value === "saved");
  expect(edits()).toEqual(["POST plan/edits"]);
  const theirs = await (await new FakeBrowser(server, "grace").openTab()).openReady("plan");
  theirs.text.insert(0, "b");
  await until(() => document.text.toString() === "baFirst.");
});

test("closing a note sends what is unsent", async () => {
  (await tab.openReady("plan")).text.insert(0, "a");
  tab.close();
  await until(async () => (await unsent()).length === 0);
  expect(server.textOf("plan")).toBe("aFirst.");
});

test("an update that does not decode changes nothing", async () => {
  const document = await tab.openReady("plan");
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const { document: id } = server.notes.get("plan")!;
  server.push("plan", "edit", { document: id, update: "CQ==" });
  server.push("plan", "edit", { document: id, update: "*" });
  await settle();
  expect(error).toHaveBeenCalledTimes(2);
  expect(document.text.toString()).toBe("First.");
});

test("an edit that was missed arrives with the merged ones", async () => {
  const document = await tab.openReady("plan");
  const theirs = await (await new FakeBrowser(server, "grace").openTab()).openReady("plan");
  server.losesEvent = () => true;
  theirs.text.insert(0, "a");
  await theirs.flush();
  server.losesEvent = () => false;
  theirs.text.insert(0, "b");
  await theirs.flush();
  expect(document.text.toString()).toBe("First.");
  server.merge();
  await until(() => document.text.toString() === "baFirst.");
});

test("an edit that others depend on is read over HTTP if it never arrives", async () => {
  const document = await tab.openReady("plan");
  const theirs = await (await new FakeBrowser(server, "grace").openTab()).openReady("plan");
  server.losesEvent = () => true;
  theirs.text.insert(0, "a");
  await theirs.flush();
  server.losesEvent = () => false;
  theirs.text.insert(1, "b");
  await theirs.flush();
  await until(() => document.text.toString() === "abFirst.");
});
