import { expect, test } from "vitest";
import { alike, skeleton } from "./alike.ts";

test.each([
  ["Ada", "ada"],
  ["Ada Lovelace", "ada  lovelace"],
  ["Ada Lovelace", "Ada\u3000Lovelace"],
  ["Ada Lovelace", "AdaLovelace"],
  ["Ada", "Ａｄａ"],
  ["Ada", "\u0410d\u0430"],
  ["Ada", "\u0391\u0501a"],
  ["Adá", "Ada"],
  ["Groß", "GROSS"],
  ["Ada", "Ad\u200da"],
  ["Ali", "All"],
  ["Bob0", "Bobo"],
])("%s and %s are alike", (one, other) => expect(skeleton(one)).toBe(skeleton(other)));

test.each([
  ["Ada", "Eda"],
  ["Ada", "Ada L."],
  ["דוד", "דור"],
  ["王", "玉"],
])("%s and %s are not alike", (one, other) => expect(skeleton(one)).not.toBe(skeleton(other)));

test("all users with alike names are found, and no others", () => {
  const names = [
    ["ada", "Ada"],
    ["eve", "ADA"],
    ["bob", "Bob"],
    ["mallory", "\u0430d\u0430"],
  ] as const;
  expect([...alike(names)].sort()).toEqual(["ada", "eve", "mallory"]);
  expect(alike(names.slice(2)).size).toBe(0);
});

test("a name that imitates one with a username is ambiguous", () => {
  expect([
    ...alike([
      ["eve", "Ada @ada"],
      ["mallory", "Ada ＠ada"],
      ["bob", "Bob"],
    ]),
  ]).toEqual(["eve", "mallory"]);
});
