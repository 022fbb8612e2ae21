import { render } from "preact-render-to-string";
import { beforeAll, expect, test, vi } from "vitest";
import type { Board, Role } from "./server/boards.ts";

let show: (hash: string) => string;

const board = (id: string, role: Role): Board => ({ id, name: `Board ${id}`, visibility: "private", role, version: 1 });

beforeAll(async () => {
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("history", { replaceState() {} });
  const { App } = await import("./app.tsx");
  await (await import("./views/later.tsx")).manage.load();
  const { followBoards } = await import("./boards/boards.ts");
  const { boardList, titles } = await import("./live/channel.ts");
  const { parse, route } = await import("./route.ts");
  const { session } = await import("./session.ts");
  followBoards();
  session.value = { state: "in", user: { username: "ada", displayName: "Ada" } };
  boardList.value = { cached: false, boards: [board("team", "owner"), board("e", "editor"), board("r", "reader")] };
  show = (hash) => {
    route.value = parse(hash);
    titles.value = { revision: 1, notelist: [], more: false };
    return render(<App />);
  };
});

test("the open board is current, and its name is the heading", () => {
  const page = show("#/boards/e");
  expect(page).toMatch(/<a aria-current="true"[^>]* href="#\/boards\/e">/);
  expect(page.match(/aria-current/g)).toHaveLength(1);
  expect(page).toMatch(/<h1[^>]*>Board e<\/h1>/);
  expect(page).toContain('href="#/boards/e/members"');
});

test("a reader cannot begin a note", () => {
  expect(show("#/boards/e")).toContain('href="#/boards/e/new"');
  const page = show("#/boards/r");
  expect(page).not.toContain('href="#/boards/r/new"');
  expect(page).toContain("You may read this board.");
  expect(show("#/boards/r/new")).not.toContain("<form class=");
});

test("owners alone invite, import, and change or delete the board", () => {
  const owned = ["Invite people", "Settings", "Import", "Add member"];
  const found = (page: string) => owned.filter((text) => page.includes(`>${text}<`));
  expect(found(show("#/boards/team/members"))).toEqual(owned);
  for (const id of ["e", "r"]) {
    const page = show(`#/boards/${id}/members`);
    expect(found(page)).toEqual([]);
    expect(page).toContain("Export all notes");
  }
});

test("the first board cannot be deleted", () => {
  expect(show("#/boards/team/members")).not.toContain("Delete board");
});

test("the trash of a board is for those who may write on it", () => {
  expect(show("#/boards/e")).toContain('href="#/boards/e/trash"');
  expect(show("#/boards/e/trash")).toMatch(/<h1[^>]*>Trash of Board e<\/h1>/);
  expect(show("#/boards/r")).not.toContain('href="#/boards/r/trash"');
});

test.each(["", "/new", "/members", "/trash", "/notes/plan", "/notes/plan/edit"])(
  "a board that is gone says so at %j",
  (view) => {
    const page = show(`#/boards/gone${view}`);
    expect(page).toContain("This board is gone or you are no longer a member.");
    expect(page).toContain('href="#/"');
  },
);
