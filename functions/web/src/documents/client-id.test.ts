import { expect, test } from "vitest";
import { clientIdsOf } from "./client-id.ts";

test("a client id begins with 28 bits of the hash of the username, and ends at random", async () => {
  const ids = await clientIdsOf("ada");
  const made = Array.from({ length: 100 }, ids);
  for (const id of made) {
    expect(Number.isSafeInteger(id)).toBe(true);
    // `printf ada | sha256sum` begins with fdee430d.
    expect(Math.floor(id / 2 ** 25)).toBe(0xfdee430);
  }
  expect(new Set(made.map((id) => id % 2 ** 25)).size).toBeGreaterThan(95);
});
