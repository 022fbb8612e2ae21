import { expect, test } from "vitest";
import { DocumentEvents } from "./document-events.ts";
import type { DocumentEvent } from "./protocol.ts";

const edit = (byte: number): DocumentEvent => ({ kind: "edit", document: "d", update: new Uint8Array([byte]) });
const document: DocumentEvent = { kind: "document", document: "d", update: new Uint8Array([0]) };

function listenTo(events: DocumentEvents): { received: DocumentEvent[]; hadDocument: boolean } {
  const received: DocumentEvent[] = [];
  return { received, hadDocument: events.listen((event) => received.push(event)) };
}

test("events wait for an editor that is loaded later, and are delivered once", () => {
  const events = new DocumentEvents();
  for (const event of [edit(1), document, edit(2)]) events.receive(event);
  const { received, hadDocument } = listenTo(events);
  expect([received, hadDocument]).toEqual([[document, edit(2)], true]);
  events.receive(edit(3));
  expect(received.at(-1)).toEqual(edit(3));
  expect(listenTo(events)).toEqual({ received: [], hadDocument: false });
});

test("many edits that wait become a reason to read the document", () => {
  const events = new DocumentEvents();
  events.receive(document);
  for (let number = 0; number <= 100; number += 1) events.receive(edit(number));
  events.receive(edit(7));
  expect(listenTo(events).received).toEqual([{ kind: "document" }, edit(100), edit(7)]);
});

test("edits without the event before them do not wait", () => {
  const events = new DocumentEvents();
  events.receive(edit(1));
  expect(listenTo(events)).toEqual({ received: [], hadDocument: false });
});

const cursor = (socket: string, place: string): DocumentEvent => ({
  kind: "cursor",
  from: { socket, username: "grace" },
  cursor: place,
});

test("the last caret of each socket waits, also without the event before edits", () => {
  const events = new DocumentEvents();
  for (const event of [cursor("a", "1"), cursor("b", "1"), cursor("a", "2")]) events.receive(event);
  events.receive({
    kind: "edit",
    document: "d",
    update: new Uint8Array([1]),
    from: { socket: "b", username: "grace" },
    cursor: "2",
  });
  expect(listenTo(events)).toEqual({ received: [cursor("a", "2"), cursor("b", "2")], hadDocument: false });
  expect(listenTo(events).received).toEqual([]);
});

test("no more than a hundred carets wait", () => {
  const events = new DocumentEvents();
  for (let number = 0; number <= 100; number += 1) events.receive(cursor(`${number}`, "1"));
  events.receive(cursor("0", "2"));
  const { received } = listenTo(events);
  expect([received.length, received[0]]).toEqual([100, cursor("0", "2")]);
});
