// The page's routes: the part of the address after the `#`.

import { signal } from "@preact/signals";

export type Route =
  | { view: "home" }
  | { view: "sign-up" }
  /** Creating an account with the token of an invitation. */
  | { view: "invitation"; token: string }
  /** Setting a new password with the token of a link. */
  | { view: "password"; token: string }
  | { view: "account" }
  | { view: "people" }
  | { view: "new" }
  | { view: "read"; key: string }
  | { view: "edit"; key: string }
  | { view: "unknown" };

/** A route that a link of the page can lead to. */
export type Target = Exclude<Route, { view: "unknown" | "invitation" | "password" }>;

const noteRoute = /^\/notes\/([A-Za-z0-9._~-]{1,128})(\/edit)?$/;

const tokenRoute = /^\/(invitations|password)\/([A-Za-z0-9_.-]{20,128})$/;

export function parse(hash: string): Route {
  const path = hash.replace(/^#/, "");
  if (path === "" || path === "/") return { view: "home" };
  if (path === "/sign-up") return { view: "sign-up" };
  if (path === "/account") return { view: "account" };
  if (path === "/people") return { view: "people" };
  const [, kind, token] = tokenRoute.exec(path) ?? [];
  if (token !== undefined) return { view: kind === "password" ? "password" : "invitation", token };
  if (path === "/new") return { view: "new" };
  const [, key, edit] = noteRoute.exec(path) ?? [];
  if (key === undefined || key === "." || key === "..") return { view: "unknown" };
  return { view: edit === undefined ? "read" : "edit", key };
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
    case "new":
      return "#/new";
    case "read":
      return `#/notes/${route.key}`;
    case "edit":
      return `#/notes/${route.key}/edit`;
  }
}

/** The current route. */
export const route = signal<Route>({ view: "home" });

export function go(to: Target): void {
  location.hash = href(to);
}

export function followAddress(): void {
  const follow = () => {
    route.value = parse(location.hash);
    // The token of a link is secret. It does not stay in the address bar and in the history.
    const { view } = route.value;
    if (view === "invitation") history.replaceState(null, "", href({ view: "sign-up" }));
    if (view === "password") history.replaceState(null, "", href({ view: "home" }));
  };
  addEventListener("hashchange", follow);
  follow();
}
