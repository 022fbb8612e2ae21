import { expect, test } from "vitest";
import { type Connection, type ConnectionEvent, follow } from "./connection.ts";

const after = (...events: ConnectionEvent[]) => events.reduce<Connection>(follow, "connecting");

test("a connection stands once its namespace is joined", () => {
  expect(after("begun")).toBe("connecting");
  expect(after("begun", "joined")).toBe("connected");
});

test("a break shows as connecting", () => {
  expect(after("begun", "joined", "lost")).toBe("connecting");
});

test("where the server cannot be reached, the page is offline until the connection stands", () => {
  expect(after("begun", "unread")).toBe("offline");
  expect(after("joined", "lost", "unread", "lost")).toBe("offline");
  expect(after("joined", "lost", "unread", "joined")).toBe("connected");
});

test("where the server can be reached and the connection cannot be made, the page polls until it stands", () => {
  expect(after("begun", "read")).toBe("polling");
  expect(after("begun", "read", "lost", "read")).toBe("polling");
  expect(after("begun", "read", "unread")).toBe("offline");
  expect(after("begun", "unread", "read")).toBe("polling");
  expect(after("begun", "read", "joined")).toBe("connected");
});
