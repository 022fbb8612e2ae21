import { beforeEach, expect, test, vi } from "vitest";
import type { Board, Role } from "../server/boards.ts";

let boards: typeof import("./boards.ts");
let memory: typeof import("./memory.ts");
let channel: typeof import("../live/channel.ts");
let routes: typeof import("../route.ts");
let sessions: typeof import("../session.ts");
let address: string | undefined;

const board = (id: string, role: Role = "editor", changed?: string): Board => ({
  id,
  name: id,
  visibility: "private",
  role,
  version: 1,
  ...(changed !== undefined && { changed }),
});
const know = (list: Board[], cached = false) => (channel.boardList.value = { boards: list, cached });
const user = { username: "ada", displayName: "Ada" };

function signIn() {
  memory.recallBoards(user.username);
  sessions.session.value = { state: "in", user };
}

beforeEach(async () => {
  vi.resetModules();
  const stored = new Map<string, string>();
  address = undefined;
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
  vi.stubGlobal("history", { replaceState: (_: unknown, __: string, hash: string) => (address = hash) });
  boards = await import("./boards.ts");
  [memory, channel, routes, sessions] = await Promise.all([
    import("./memory.ts"),
    import("../live/channel.ts"),
    import("../route.ts"),
    import("../session.ts"),
  ]);
  boards.followBoards();
});

test("home opens the board of the last visit, or the team's if that is gone", () => {
  signIn();
  expect([routes.route.value, address]).toEqual([{ view: "list", board: "team" }, "#/boards/team"]);
  know([board("team"), board("b")]);
  routes.route.value = { view: "list", board: "b" };
  routes.route.value = { view: "home" };
  expect([routes.route.value, address]).toEqual([{ view: "list", board: "b" }, "#/boards/b"]);
  know([board("team")]);
  routes.route.value = { view: "home" };
  expect(routes.route.value).toEqual({ view: "list", board: "team" });
});

test("a view that is on no board shows the list of the last one, and a visitor's shows none", () => {
  routes.route.value = { view: "list", board: "b" };
  expect(channel.openBoard.value).toBeUndefined();
  signIn();
  expect(channel.openBoard.value).toBe("b");
  routes.route.value = { view: "account" };
  expect(channel.openBoard.value).toBe("b");
});

test("what the user may do follows the list, and a cached list takes no right away", () => {
  expect(boards.accessTo("b")).toBe("unknown");
  know([board("team", "reader")], true);
  expect([boards.accessTo("team"), boards.accessTo("b")]).toEqual(["reader", "unknown"]);
  know([board("team", "owner")]);
  expect([boards.accessTo("team"), boards.accessTo("b")]).toEqual(["owner", "gone"]);
  expect((["unknown", "owner", "editor", "reader", "gone"] as const).map(boards.mayWrite)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("a board is unread when it has changed since the last visit to it, in the order of the server", () => {
  signIn();
  know([board("team", "editor", "1"), board("z", "editor", "1"), board("a")]);
  const unread = () => boards.boards.value.filter(({ unread }) => unread).map(({ id }) => id);
  expect(unread()).toEqual([]);
  know([board("team", "editor", "2"), board("z", "editor", "2"), board("a", "editor", "1")]);
  expect(boards.boards.value.map(({ id }) => id)).toEqual(["team", "z", "a"]);
  expect(unread()).toEqual(["z", "a"]);
  routes.route.value = { view: "list", board: "z" };
  expect(unread()).toEqual(["a"]);
  routes.route.value = { view: "list", board: "team" };
  expect(unread()).toEqual(["a"]);
});

test("a visitor with an invitation joins after signing in, or after creating an account", () => {
  sessions.session.value = { state: "out", ended: false };
  routes.route.value = { view: "join", token: "b.secret" };
  routes.route.value = { view: "sign-up" };
  signIn();
  expect(routes.route.value).toEqual({ view: "join", token: "b.secret" });
  routes.route.value = { view: "home" };
  expect(routes.route.value).toEqual({ view: "list", board: "team" });
});
