import { expect, test } from "vitest";
import { applyUpdate, Doc } from "yjs";
import { Problem } from "../server/problem.ts";
import { deliver } from "./delivery.ts";
import { MAX_REQUEST_BYTES } from "./limits.ts";
import { isUpdate, piecesOf } from "./pieces.ts";
import { type Edit, newEdit } from "./unsent.ts";

const NOTE = { board: "b", key: "plan" };

/** Writes texts one after the other, each as an edit. */
function editsOf(texts: string[]): Edit[] {
  const doc = new Doc();
  const edits: Edit[] = [];
  doc.on("update", (update: Uint8Array) => edits.push(newEdit("ada", NOTE, "d", update)));
  const text = doc.getText("text");
  for (const part of texts) text.insert(text.length, part);
  return edits;
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Doc();
  for (const update of updates) applyUpdate(doc, update);
  return doc.getText("text").toString();
}

const refused = (code: string) => new Problem(422, code, {}, undefined, false, code);

test("edits are merged into pieces that fit into a request, in their order", () => {
  const texts = Array.from({ length: 200 }, (_, number) => `${number}-`.repeat(1_000));
  const edits = editsOf(texts);
  const pieces = piecesOf(edits);
  expect(pieces.length).toBeGreaterThan(1);
  for (const { update } of pieces) expect(update.length).toBeLessThanOrEqual(MAX_REQUEST_BYTES);
  expect(pieces.flatMap(({ edits }) => edits)).toEqual(edits);
  expect(textOf(pieces.map(({ update }) => update))).toBe(texts.join(""));
});

test("an edit beyond a request is a piece of its own", () => {
  const edits = editsOf(["a", "b".repeat(MAX_REQUEST_BYTES), "c"]);
  expect(piecesOf(edits).map(({ edits }) => edits.length)).toEqual([1, 1, 1]);
});

test("the edits beside a malformed one are sent, and its problem is thrown", async () => {
  const edits = editsOf([..."abcd"]);
  const bad = edits[3]!.update;
  const sent: Uint8Array[] = [];
  const send = async (update: Uint8Array) => {
    if (update === bad || textOf([update]) === "abcd") throw refused("malformed-update");
    sent.push(update);
  };
  const done: Edit[] = [];
  await expect(deliver(edits, send, (piece) => done.push(...piece.edits))).rejects.toThrow("malformed-update");
  expect([textOf(sent), done]).toEqual(["abc", edits.slice(0, 3)]);
});

test("after any other problem, nothing more is sent", async () => {
  const edits = editsOf(["a", "b".repeat(MAX_REQUEST_BYTES), "c"]);
  let sent = 0;
  const send = async () => {
    sent += 1;
    if (sent === 2) throw Problem.unreachable();
  };
  const done: Edit[] = [];
  await expect(deliver(edits, send, (piece) => done.push(...piece.edits))).rejects.toMatchObject({ unreached: true });
  expect([sent, done]).toEqual([2, edits.slice(0, 1)]);
});

test("bytes that do not decode are no update", () => {
  expect([[], [9], [1, 1, 1]].map((bytes) => isUpdate(new Uint8Array(bytes)))).toEqual([false, false, false]);
  expect(isUpdate(editsOf(["a"])[0]!.update)).toBe(true);
});
