import { expect, test } from "vitest";
import { ago } from "./now.ts";

const NOON = Date.parse("2026-03-10T12:00:00Z");
const at = (moment: string) => ago(new Date(moment), NOON);

test("a recent time is shown as elapsed time", () => {
  expect(at("2026-03-10T11:59:01Z")).toBe("just now");
  expect(at("2026-03-10T11:59:00Z")).toBe("1 minute ago");
  expect(at("2026-03-10T11:00:01Z")).toBe("59 minutes ago");
  expect(at("2026-03-10T11:00:00Z")).toBe("1 hour ago");
  expect(at("2026-03-09T12:00:01Z")).toBe("23 hours ago");
  expect(at("2026-03-09T12:00:00Z")).toBe("1 day ago");
  expect(at("2026-03-03T12:00:01Z")).toBe("6 days ago");
});

test("a time of more than a week ago is shown as its date", () => {
  expect(at("2026-03-03T12:00:00Z")).toBe("3 Mar 2026");
});

test("a time in the future is shown as just now", () => {
  expect(at("2026-03-10T12:05:00Z")).toBe("just now");
});
