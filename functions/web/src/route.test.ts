import { expect, test } from "vitest";
import { href, parse, type Route } from "./route.ts";

test("every address leads back to its route", () => {
  const routes: Exclude<Route, { view: "unknown" }>[] = [
    { view: "home" },
    { view: "sign-up" },
    { view: "new" },
    { view: "read", key: "a.b_c~d-E9" },
    { view: "edit", key: "new" },
  ];
  for (const route of routes) expect(parse(href(route))).toEqual(route);
});

test("no hash is home", () => {
  expect(parse("")).toEqual({ view: "home" });
});

test("what is no key of a note leads nowhere", () => {
  for (const hash of ["#/notes/", "#/notes/..", "#/notes/a b", `#/notes/${"k".repeat(129)}`, "#/else"]) {
    expect(parse(hash)).toEqual({ view: "unknown" });
  }
});
