// The page's routes: the part of the address after the `#`.

import { signal } from "@preact/signals";
import { type NoteId, TEAM } from "./note.ts";

export type Route =
  /** The board that was opened last. */
  | { view: "home" }
  | { view: "sign-up" }
  /** Creating an account with the token of an invitation. */
  | { view: "invitation"; token: string }
  /** Setting a new password with the token of a link. */
  | { view: "password"; token: string }
  /** Joining a board with the token of an invitation. */
  | { view: "join"; token: string }
  | { view: "account" }
  | { view: "people" }
  | BoardRoute
  | { view: "unknown" };

/** A route on a board. */
export type BoardRoute =
  | { view: "list"; board: string }
  | { view: "members"; board: string }
  | { view: "trash"; board: string }
  | { view: "new"; board: string }
  /** `at` is the anchor of a heading to go to. */
  | { view: "read"; board: string; key: string; at?: string }
  /** The note of a title, wherever it is. */
  | { view: "titled"; board: string; title: string };

/** A route that a link of the page can lead to. */
export type Target = Exclude<Route, { view: "unknown" | "invitation" | "password" | "join" }>;

/** There were addresses of editors, which end in `/edit`. Now a note opens in its editor. */
const boardRoute =
  /^(?:\/boards\/([A-Za-z0-9_-]{1,64}))?(?:\/(new|members|trash)|\/notes\/([A-Za-z0-9._~-]{1,128})(?:\/edit|\/at\/([^/]{1,600}))?|\/titled\/([^/]{1,2000}))?$/;

const tokenRoute = /^\/(invitations|password|join)\/([A-Za-z0-9_.-]{20,128})$/;

export function parse(hash: string): Route {
  const path = hash.replace(/^#/, "");
  if (path === "" || path === "/") return { view: "home" };
  if (path === "/sign-up") return { view: "sign-up" };
  if (path === "/account") return { view: "account" };
  if (path === "/people") return { view: "people" };
  const [, kind, token] = tokenRoute.exec(path) ?? [];
  if (token !== undefined) return { view: TOKEN_VIEWS[kind as keyof typeof TOKEN_VIEWS], token };
  return onBoard(path) ?? { view: "unknown" };
}

const TOKEN_VIEWS = { invitations: "invitation", password: "password", join: "join" } as const;

function onBoard(path: string): BoardRoute | undefined {
  const match = boardRoute.exec(path);
  if (match === null) return undefined;
  // Before there were boards, addresses named none.
  const [, board = TEAM, view, key, at, title] = match;
  if (view !== undefined) return { view: view as "new" | "members" | "trash", board };
  if (title !== undefined) return { view: "titled", board, title: decoded(title) };
  if (key === undefined) return { view: "list", board };
  if (key === "." || key === "..") return undefined;
  return { view: "read", board, key, ...(at !== undefined && { at: decoded(at) }) };
}

/** Returns a part of an address as it was before it was encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function href(route: Target): string {
  switch (route.view) {
    case "home":
      return "#/";
    case "sign-up":
      return "#/sign-up";
    case "account":
      return "#/account";
    case "people":
      return "#/people";
    case "list":
      return `#/boards/${route.board}`;
    case "members":
    case "trash":
    case "new":
      return `#/boards/${route.board}/${route.view}`;
    case "read":
      return `#/boards/${route.board}/notes/${route.key}${route.at === undefined ? "" : `/at/${encodeURIComponent(route.at)}`}`;
    case "titled":
      return `#/boards/${route.board}/titled/${encodeURIComponent(route.title)}`;
  }
}

/** The current route. */
export const route = signal<Route>({ view: "home" });

export function go(to: Target): void {
  // After a link with a token, the address is not the one of the route.
  if (location.hash === href(to)) route.value = to;
  else location.hash = href(to);
}

/** Goes to a route in place of the current one: Back does not return to that. */
export function redirect(to: Target): void {
  history.replaceState(null, "", href(to));
  route.value = to;
}

/** What the history knows of an address whose note was begun here, and does not exist yet. */
interface Begun {
  /** The title that it begins with. */
  title: string;
}

/** Goes to a note that was just begun here. Its view is there before the next key is pressed. */
export function goToNew(note: NoteId, title = ""): void {
  const to: Target = { view: "read", ...note };
  const begun: Begun = { title };
  // The address of the command is not one to go back to.
  const { view } = route.peek();
  if (view === "new" || view === "titled") history.replaceState(begun, "", href(to));
  else history.pushState(begun, "", href(to));
  route.value = to;
}

/** Returns what the note at the current address begins with, if it was begun here and does not exist yet. */
export function begunNote(): Begun | undefined {
  return (history.state as Begun | null) ?? undefined;
}

export function followAddress(): void {
  const follow = () => {
    const now = parse(location.hash);
    route.value = now;
    if ("board" in now) {
      // A former address is replaced by the current one.
      if (location.hash !== href(now)) history.replaceState(null, "", href(now));
    } else if ("token" in now) {
      // The token of a link is secret. It does not stay in the address bar and in the history.
      history.replaceState(null, "", href({ view: now.view === "invitation" ? "sign-up" : "home" }));
    }
  };
  addEventListener("hashchange", follow);
  follow();
}
