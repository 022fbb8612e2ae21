import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browser, eventually, Server } from "../testing.ts";

let server: Server;
let pens: typeof import("./pen.ts");
let editing: typeof import("./editing.ts");
let line: typeof import("../live/channel.ts");
const gone = vi.fn();

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.resetModules();
  browser();
  server = new Server().start();
  [pens, editing, line] = await Promise.all([import("./pen.ts"), import("./editing.ts"), import("../live/channel.ts")]);
  gone.mockReset();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = () => new pens.Pen("ada", editing.begin("e", { board: "b", key: "plan" }), false, gone);
const edit = () =>
  new pens.Pen("ada", editing.edit("e", "b", server.note ?? server.write({ body: "First." })), false, gone);
const settled = (pen: { saving: { value: string } }) => eventually(() => expect(pen.saving.value).not.toBe("saving"));

async function pause(pen: { saving: { value: string } }, ms = 1_000) {
  await vi.advanceTimersByTimeAsync(ms);
  await settled(pen);
}

test("what is typed is saved a second after the last letter, once", async () => {
  const pen = begin();
  expect(pen.saving.value).toBe("blank");
  pen.type({ title: "Pl" });
  await vi.advanceTimersByTimeAsync(999);
  pen.type({ title: "Plan" });
  await vi.advanceTimersByTimeAsync(999);
  expect([pen.saving.value, server.puts]).toEqual(["unsaved", 0]);
  await pause(pen, 1);
  expect([pen.saving.value, server.puts, server.note?.title]).toEqual(["saved", 1, "Plan"]);
});

test("what is typed while a save is under way is saved after it, over the version that it made", async () => {
  const pen = begin();
  pen.type({ title: "Plan" });
  const saved = pen.save();
  pen.type({ body: "More." });
  await saved;
  expect(server.note?.body).toBe("");
  await pause(pen);
  expect([server.note?.body, server.note?.version, pen.saving.value]).toEqual(["More.", 2, "saved"]);
});

test("a note is saved on its board", async () => {
  const pen = begin();
  pen.type({ title: "Plan" });
  await pause(pen);
  expect(server.paths).toEqual(["/api/boards/b/notes/plan"]);
});

test("a text stays with its author if the board is gone, or read-only by now", async () => {
  for (const [status, code] of [
    [404, "no-such-board"],
    [403, "read-only"],
  ] as const) {
    const pen = edit();
    server.refusal = { status, code };
    pen.type({ body: `Mine: ${code}` });
    await pause(pen);
    expect([pen.saving.value, pen.editing.value.obstacle]).toEqual(["stopped", undefined]);
    pen.leave();
    expect(gone).not.toHaveBeenCalled();
    server.refusal = undefined;
    await pen.save();
    expect([pen.saving.value, server.note?.body]).toEqual(["saved", `Mine: ${code}`]);
    gone.mockReset();
  }
});

test("a note without a title is not sent", async () => {
  const pen = begin();
  pen.type({ body: "No title." });
  await pause(pen);
  expect([pen.saving.value, server.puts]).toEqual(["untitled", 0]);
});

test("without a connection it waits, and is sent when that is back", async () => {
  const pen = begin();
  server.up = false;
  pen.type({ title: "Plan" });
  await pause(pen);
  expect(pen.saving.value).toBe("offline");
  server.up = true;
  line.connection.value = "connected";
  await eventually(() => expect(pen.saving.value).toBe("saved"));
  expect(server.note?.title).toBe("Plan");
});

test("a save whose answer was lost makes no conflict and no second note", async () => {
  const pen = begin();
  server.answers = false;
  pen.type({ title: "Plan" });
  await pause(pen);
  expect([pen.saving.value, server.note?.version]).toEqual(["offline", 1]);
  server.answers = true;
  await pause(pen, 10_000);
  expect([pen.saving.value, pen.editing.value.obstacle, server.note?.version]).toEqual(["saved", undefined, 1]);
});

test("another's version stops it until the person chooses", async () => {
  const pen = edit();
  server.write({ body: "Theirs." });
  pen.type({ body: "Mine." });
  await pause(pen);
  expect(pen.saving.value).toBe("stopped");
  pen.type({ body: "Mine, again." });
  await pause(pen, 60_000);
  expect(server.note?.body).toBe("Theirs.");
  await pen.overwrite();
  expect([server.note?.body, pen.saving.value]).toEqual(["Mine, again.", "saved"]);
});

test("what was put together waits until somebody saves it, even when its view is left", async () => {
  const pen = edit();
  server.write({ body: "Theirs." });
  pen.type({ body: "Mine." });
  await pause(pen);
  pen.goOnWith({ title: "Plan", body: "Theirs.\nMine." });
  await pause(pen, 60_000);
  pen.leave();
  expect([server.note?.body, gone.mock.calls.length]).toEqual(["Theirs.", 0]);
  await pen.save();
  expect([server.note?.body, gone.mock.calls.length]).toEqual(["Theirs.\nMine.", 1]);
});

test("what the server refuses is said, and not sent again before it is changed", async () => {
  const pen = begin();
  pen.type({ title: "x".repeat(201) });
  await pause(pen);
  expect([pen.saving.value, pen.problem.value?.errors["title"]]).toEqual(["stopped", "must be 1 to 200 characters"]);
  await pause(pen, 60_000);
  expect(server.puts).toBe(1);
  pen.type({ title: "Plan" });
  await pause(pen);
  expect(pen.saving.value).toBe("saved");
});

test("a pen whose view was left goes once all is saved, and at once if nothing was written", async () => {
  const pen = begin();
  pen.type({ title: "Plan" });
  pen.leave();
  await eventually(() => expect(gone).toHaveBeenCalledOnce());
  expect(server.note?.title).toBe("Plan");
  begin().leave();
  expect(gone).toHaveBeenCalledTimes(2);
});

test("who has written nothing goes on from what others wrote", () => {
  const pen = edit();
  pen.follow(server.write({ body: "Theirs." }));
  expect([pen.editing.value.draft.body, pen.saving.value]).toEqual(["Theirs.", "saved"]);
});

// Some are trimmed by Rust and not by JavaScript, some by JavaScript and not by Rust, and some by neither.
const EDGES = [
  "\u0085",
  "\ufeff",
  "\u200b",
  "\u00a0",
  "\u3000",
  "\u2028",
  "\u180e",
  "\u0000",
  " ",
  "\t",
  "\ud83d",
  "e\u0301",
];
const TIDY: [string, (title: string) => string][] = [
  ["nothing", (title) => title],
  ["what Rust trims", (title) => title.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "")],
  ["what JavaScript trims", (title) => title.trim()],
  ["everything that is not a letter", (title) => title.replace(/[^A-Za-z]/g, "")],
];

test.for(EDGES.flatMap((edge) => TIDY.map(([name, tidy]) => [edge, name, tidy] as const)))(
  "a title that ends in %j is saved once where the server trims %s",
  async ([edge, , tidy]) => {
    server.tidy = ({ title, body }) => ({ title: tidy(title), body: body.replaceAll("\r\n", "\n") });
    const pen = begin();
    pen.type({ title: `Plan${edge}`, body: "One\r\ntwo" });
    await pause(pen);
    pen.follow(server.note!);
    await pause(pen, 60_000);
    expect([pen.saving.value, server.puts, server.note?.version]).toEqual(["saved", 1, 1]);
    // And what is typed after it is saved over the version that this made.
    pen.type({ body: "Three" });
    await pause(pen);
    await pause(pen, 60_000);
    expect([pen.saving.value, server.puts, pen.editing.value.obstacle]).toEqual(["saved", 2, undefined]);
  },
);

test("a save whose answer was lost makes no conflict where the server tidied the title", async () => {
  server.tidy = ({ title, body }) => ({ title: title.replace(/\u0085+$/, ""), body });
  const pen = begin();
  server.answers = false;
  pen.type({ title: "Plan\u0085" });
  await pause(pen);
  server.answers = true;
  await pause(pen, 10_000);
  await pause(pen, 60_000);
  expect([pen.saving.value, pen.editing.value.obstacle, server.note?.title]).toEqual(["saved", undefined, "Plan"]);
  expect(server.puts).toBeLessThanOrEqual(3);
});

test("half a character is repaired before it is sent, and saved once", async () => {
  const pen = begin();
  pen.type({ title: "Plan \ud83d", body: "cut \ude00" });
  await pause(pen);
  await pause(pen, 60_000);
  expect([pen.saving.value, server.puts]).toEqual(["saved", 1]);
  expect([server.note?.title, server.note?.body]).toEqual(["Plan \ufffd", "cut \ufffd"]);
});
