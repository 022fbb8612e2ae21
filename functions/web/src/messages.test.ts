import { expect, test } from "vitest";
import { components } from "../../http/openapi.json";
import { messages } from "./messages.ts";

const at = (year: number, month: number, ...rest: number[]) => new Date(year, month - 1, ...rest);

test.each([
  [0, "0 notes"],
  [1, "1 note"],
  [999, "999 notes"],
  [1_000, "1,000 notes"],
  [1_234_567, "1,234,567 notes"],
])("%i is counted as %s", (count, text) => expect(messages.list.count(count)).toBe(text));

test("dates and times have the British format of Intl", () => {
  for (const date of [at(2026, 1, 2, 3, 4), at(2026, 9, 30, 23, 59), at(1999, 12, 31), at(2024, 2, 29, 12)]) {
    expect(messages.time.date(date)).toBe(new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" }).format(date));
    const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
    expect(messages.time.moment(date)).toBe(moment.format(date));
    expect(messages.account.export.name(date)).toBe(`notes-${new Intl.DateTimeFormat("sv-SE").format(date)}.ndjson`);
  }
});

test("elapsed times have a unit", () => {
  expect(messages.time.ago(1, "minute")).toBe("1 minute ago");
  expect(messages.time.ago(23, "hour")).toBe("23 hours ago");
});

test("names are listed with commas and `and`", () => {
  const listed = (...names: string[]) =>
    names.map((name, index) => messages.separator(index, names.length) + name).join("");
  expect(listed("Ada")).toBe("Ada");
  expect(listed("Ada", "Grace")).toBe("Ada and Grace");
  expect(listed("Ada", "Grace", messages.note.others(1_000))).toBe("Ada, Grace and 1,000 others");
});

test("sizes are in kB and MB, rounded up", () => {
  expect(messages.account.export.download("a", 1)).toBe("Download a (1 kB)");
  expect(messages.account.export.download("a", 999_999)).toBe("Download a (1,000 kB)");
  expect(messages.account.export.download("a", 1_234_567_890)).toBe("Download a (1,234.6 MB)");
});

test("every weakness that the server finds in a password has words", () => {
  const found = [...components.schemas.Weakness.enum].sort();
  expect(Object.keys(messages.strength.weaknesses).sort()).toEqual(found);
});
