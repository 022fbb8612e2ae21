import { expect, test } from "vitest";
import { href, parse, type Target } from "./route.ts";

test("every address leads back to its route", () => {
  const routes: Target[] = [
    { view: "home" },
    { view: "sign-up" },
    { view: "account" },
    { view: "people" },
    { view: "new" },
    { view: "read", key: "a.b_c~d-E9" },
    { view: "edit", key: "new" },
  ];
  for (const route of routes) expect(parse(href(route))).toEqual(route);
});

test("a link with a token leads to an invitation or a new password", () => {
  const token = "A".repeat(43);
  expect(parse(`#/invitations/${token}`)).toEqual({ view: "invitation", token });
  expect(parse(`#/password/ada.${token}`)).toEqual({ view: "password", token: `ada.${token}` });
  for (const hash of [
    "#/invitations/",
    "#/password/short",
    `#/password/${"A".repeat(129)}`,
    `#/invitations/${token}/`,
  ]) {
    expect(parse(hash)).toEqual({ view: "unknown" });
  }
});

test("no hash is home", () => {
  expect(parse("")).toEqual({ view: "home" });
});

test("what is no key of a note leads nowhere", () => {
  for (const hash of ["#/notes/", "#/notes/..", "#/notes/a b", `#/notes/${"k".repeat(129)}`, "#/else"]) {
    expect(parse(hash)).toEqual({ view: "unknown" });
  }
});
