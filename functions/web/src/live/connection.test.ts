import { expect, test } from "vitest";
import { type Connection, type ConnectionEvent, follow } from "./connection.ts";

const after = (...events: ConnectionEvent[]) => events.reduce<Connection>(follow, "connecting");

test("the state is live once the namespace is joined", () => {
  expect(after("begun")).toBe("connecting");
  expect(after("begun", "joined")).toBe("connected");
});

test("a lost connection shows as connecting", () => {
  expect(after("begun", "joined", "lost")).toBe("connecting");
});

test("the page is offline from a failed read until the connection is restored", () => {
  expect(after("begun", "unread")).toBe("offline");
  expect(after("joined", "lost", "unread", "lost")).toBe("offline");
  expect(after("joined", "lost", "unread", "joined")).toBe("connected");
});

test("the page polls if the server is reachable without a connection, until it is restored", () => {
  expect(after("begun", "read")).toBe("polling");
  expect(after("begun", "read", "lost", "read")).toBe("polling");
  expect(after("begun", "read", "unread")).toBe("offline");
  expect(after("begun", "unread", "read")).toBe("polling");
  expect(after("begun", "read", "joined")).toBe("connected");
});
