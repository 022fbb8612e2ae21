import { expect, test, vi } from "vitest";
import { followAddress, href, parse, route, type Target } from "./route.ts";

const board = "0190a1b2-0000-7000-8000-000000000000";

test("every address leads back to its route", () => {
  const routes: Target[] = [
    { view: "home" },
    { view: "sign-up" },
    { view: "account" },
    { view: "people" },
    { view: "list", board },
    { view: "members", board },
    { view: "trash", board },
    { view: "new", board: "team" },
    { view: "read", board, key: "a.b_c~d-E9" },
    { view: "read", board, key: "new" },
    { view: "read", board, key: "plan", at: "übersicht/1" },
    { view: "titled", board, title: "Who? 50 % of us/them" },
  ];
  for (const route of routes) expect(parse(href(route))).toEqual(route);
});

test("a link with a token leads to an invitation, a board or a new password", () => {
  const token = "A".repeat(43);
  expect(parse(`#/invitations/${token}`)).toEqual({ view: "invitation", token });
  expect(parse(`#/password/ada.${token}`)).toEqual({ view: "password", token: `ada.${token}` });
  expect(parse(`#/join/${board}.${token}`)).toEqual({ view: "join", token: `${board}.${token}` });
  for (const hash of [
    "#/invitations/",
    "#/password/short",
    "#/join/short",
    `#/password/${"A".repeat(129)}`,
    `#/invitations/${token}/`,
  ]) {
    expect(parse(hash)).toEqual({ view: "unknown" });
  }
});

test("no hash is home", () => {
  expect(parse("")).toEqual({ view: "home" });
});

test("an address from before there were boards leads to the board of the team", () => {
  expect(parse("#/notes/plan")).toEqual({ view: "read", board: "team", key: "plan" });
  expect(parse("#/new")).toEqual({ view: "new", board: "team" });
});

test("the former address of an editor leads to its note", () => {
  expect(parse("#/notes/plan/edit")).toEqual({ view: "read", board: "team", key: "plan" });
  expect(parse(`#/boards/${board}/notes/plan/edit`)).toEqual({ view: "read", board, key: "plan" });
});

test("an invalid key or board leads nowhere", () => {
  const keys = ["", "..", "a b", "k".repeat(129)].flatMap((key) => [`#/notes/${key}`, `#/boards/team/notes/${key}`]);
  const boards = ["", "a.b", "b".repeat(65)].map((board) => `#/boards/${board}`);
  for (const hash of [...keys, ...boards, "#/boards/team/", "#/boards/team/else", "#/else"]) {
    expect(parse(hash)).toEqual({ view: "unknown" });
  }
});

test("a former address is replaced, and the token of a link leaves the address bar", () => {
  const replaced: string[] = [];
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("history", { replaceState: (_: unknown, __: string, hash: string) => replaced.push(hash) });
  const open = (hash: string) => {
    vi.stubGlobal("location", { hash });
    followAddress();
    return [route.value.view, replaced.pop()];
  };
  const token = "A".repeat(43);
  expect(open("#/notes/plan")).toEqual(["read", "#/boards/team/notes/plan"]);
  expect(open("#/boards/team/notes/plan/edit")).toEqual(["read", "#/boards/team/notes/plan"]);
  expect(open("#/boards/team/notes/plan")).toEqual(["read", undefined]);
  expect(open(`#/join/team.${token}`)).toEqual(["join", "#/"]);
  expect(open(`#/invitations/${token}`)).toEqual(["invitation", "#/sign-up"]);
  vi.unstubAllGlobals();
});
