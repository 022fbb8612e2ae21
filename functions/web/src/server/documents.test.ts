import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { changeTitle, readDocument, sendEdits } from "./documents.ts";

const note = { board: "b", key: "plan" };
let asked: string[];
let respond: () => Response;

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (path: string, { method, body }: RequestInit) => {
    asked.push([method, path, body].filter(Boolean).join(" "));
    return respond();
  });
});

afterEach(() => vi.unstubAllGlobals());

const refusal = (status: number, problem: object) => () =>
  new Response(JSON.stringify(problem), { status, headers: { "content-type": "application/problem+json" } });

test("a document is read as a whole, or what a vector lacks of it", async () => {
  respond = () => Response.json({ document: "d", update: "AQI=" });
  const whole = { document: "d", update: new Uint8Array([1, 2]) };
  expect(await readDocument(note)).toEqual(whole);
  expect(await readDocument(note, new Uint8Array([251, 255]))).toEqual(whole);
  expect(asked).toEqual([
    "GET /api/boards/b/notes/plan/document",
    "GET /api/boards/b/notes/plan/document?vector=-_8%3D",
  ]);
});

test("edits name their document, and a title replaces whatever it was", async () => {
  respond = () => new Response(null, { status: 204 });
  await sendEdits(note, "d", new Uint8Array([1, 2]));
  respond = () => Response.json({ key: "plan", title: "Trip" });
  expect(await changeTitle(note, "Trip")).toEqual({ key: "plan", title: "Trip" });
  expect(asked).toEqual([
    'POST /api/boards/b/notes/plan/edits {"document":"d","update":"AQI="}',
    'PATCH /api/boards/b/notes/plan {"title":"Trip"}',
  ]);
});

test("a refused edit has the code that the live connection has, and a sentence", async () => {
  const send = () => sendEdits(note, "d", new Uint8Array([1]));
  respond = refusal(413, { errors: { update: "makes the text longer than 256 KiB" } });
  const message = "The edit makes the text longer than 256 KiB.";
  await expect(send()).rejects.toMatchObject({ code: "too-large", message, passing: false });
  respond = refusal(422, { errors: { update: "must be an update of a text" } });
  await expect(send()).rejects.toMatchObject({ code: "malformed-update" });
  respond = refusal(404, { type: "https://notes.example/problems/no-such-note", detail: "There is no such note." });
  await expect(send()).rejects.toMatchObject({ code: "no-such-note", message: "There is no such note." });
});
