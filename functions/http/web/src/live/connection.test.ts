import { expect, test } from "vitest";
import { follow, type Connection, type ConnectionEvent } from "./connection.ts";

const after = (...events: ConnectionEvent[]) => events.reduce<Connection>(follow, "connecting");

test("a connection stands once its namespace is joined", () => {
  expect(after("begun")).toBe("connecting");
  expect(after("begun", "joined")).toBe("connected");
});

test("a break shows as connecting", () => {
  expect(after("begun", "joined", "lost")).toBe("connecting");
});

test("a failed attempt shows as offline until one succeeds", () => {
  expect(after("begun", "failed")).toBe("offline");
  expect(after("joined", "lost", "failed", "lost")).toBe("offline");
  expect(after("joined", "lost", "failed", "joined")).toBe("connected");
});
