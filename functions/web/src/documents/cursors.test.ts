import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRelativePositionFromTypeIndex, relativePositionToJSON, type Text } from "yjs";
import type { OpenDocument } from "./open-document.ts";
import { FakeBrowser, pass, until } from "./testing/browser.ts";
import { FakeServer } from "./testing/server.ts";

let server: FakeServer;
let ada: FakeBrowser;
let grace: FakeBrowser;
let mine: OpenDocument;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new FakeServer();
  server.write("plan", "First.");
  ada = new FakeBrowser(server, "ada");
  grace = new FakeBrowser(server, "grace");
  mine = await (await ada.openTab()).openReady("plan");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const caret = (text: Text, index: number) => {
  const at = relativePositionToJSON(createRelativePositionFromTypeIndex(text, index));
  return { anchor: at, head: at };
};
/** The states of others, as the editor reads them. */
const others = ({ awareness }: OpenDocument) =>
  [...awareness.getStates()].flatMap(([client, state]) => (client === awareness.clientID ? [] : [state]));
const sent = () => server.requests.filter((request) => request === "cursor").length;

test("a caret is sent only while others are there, and at most once a second", async () => {
  mine.awareness.setLocalStateField("cursor", caret(mine.text, 1));
  await pass(3_000);
  expect(sent()).toBe(0);
  const theirs = await (await grace.openTab()).openReady("plan");
  await until(() => others(theirs).length === 1);
  for (const index of [2, 3, 4, 5]) {
    mine.awareness.setLocalStateField("cursor", caret(mine.text, index));
    await pass(250);
  }
  await pass(1_000);
  expect(sent()).toBeLessThanOrEqual(3);
  expect(others(theirs)[0]).toMatchObject({ user: { name: "ada" }, cursor: { anchor: { item: { clock: 5 } } } });
});

test("a caret goes with the edit before it", async () => {
  const theirs = await (await grace.openTab()).openReady("plan");
  await pass(2_000);
  mine.text.insert(0, "a");
  mine.awareness.setLocalStateField("cursor", caret(mine.text, 1));
  await pass(250);
  expect([theirs.text.toString(), others(theirs).length, sent()]).toEqual(["aFirst.", 1, 0]);
});

test("a caret has the name and the color that this page knows, whatever its sender says", async () => {
  await grace.openTab().then((tab) => tab.openReady("plan"));
  await pass(1_000);
  const forged = { ...caret(mine.text, 1), user: { name: "<b>", color: "url(x)" } };
  const from = { socket: "s", username: "grace" };
  server.push("plan", "cursor", { from, cursor: JSON.stringify(forged) });
  await until(() => others(mine).length === 1);
  const [state] = others(mine);
  expect(Object.keys(state!)).toEqual(["user", "cursor"]);
  expect(state).toMatchObject({ user: { name: "grace", color: expect.stringMatching(/^light-dark\(#/) } });
  expect(Object.keys(state!["cursor"])).toEqual(["anchor", "head"]);
});

test.each([
  "not JSON",
  "null",
  '{"anchor":1}',
  '{"anchor":{"tname":"other"},"head":{"tname":"other"}}',
  '{"anchor":{"item":{"client":-1,"clock":0}},"head":{"item":{"client":"x","clock":0}}}',
])("the caret %s is none", async (cursor) => {
  await grace.openTab().then((tab) => tab.openReady("plan"));
  await pass(1_000);
  server.push("plan", "cursor", { from: { socket: "s", username: "grace" }, cursor });
  await until(() => others(mine).length === 1);
  expect(others(mine)[0]!["cursor"]).toBeNull();
});

test("a caret disappears with its person, and half a minute after its last event", async () => {
  const tab = await grace.openTab();
  const theirs = await tab.openReady("plan");
  await pass(1_000);
  theirs.awareness.setLocalStateField("cursor", caret(theirs.text, 1));
  await until(() => others(mine).length === 1);
  await tab.crash();
  await until(() => others(mine).length === 0);

  server.push("plan", "cursor", {
    from: { socket: "s", username: "ada" },
    cursor: JSON.stringify(caret(mine.text, 2)),
  });
  await until(() => others(mine).length === 1);
  await pass(25_000);
  expect(others(mine)).toHaveLength(1);
  await pass(10_000);
  expect(others(mine)).toHaveLength(0);
});

test("a reader who closes the note hides the caret", async () => {
  const tab = await grace.openTab();
  const theirs = await tab.openReady("plan");
  await pass(1_000);
  theirs.awareness.setLocalStateField("cursor", caret(theirs.text, 1));
  await until(() => others(mine)[0]?.["cursor"] !== undefined);
  tab.close();
  await until(() => others(mine).every((state) => state["cursor"] === null));
});
