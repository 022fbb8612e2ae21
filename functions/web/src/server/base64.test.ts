import { expect, test } from "vitest";
import { fromBase64, toBase64, toBase64Url } from "./base64.ts";

test("bytes of any length survive the encoding", () => {
  for (const length of [0, 1, 2, 3, 8_191, 8_192, 300_000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31) % 256);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
});

test("an address gets the alphabet for addresses", () => {
  const bytes = new Uint8Array([251, 255, 191, 1]);
  expect([toBase64(bytes), toBase64Url(bytes)]).toEqual(["+/+/AQ==", "-_-_AQ=="]);
});

test("a text that is not base64 is refused", () => {
  expect(() => fromBase64("*")).toThrow();
});
