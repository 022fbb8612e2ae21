// The session: the user who is signed in, if there is one.

import { signal } from "@preact/signals";
import { forgetBoards, recallBoards } from "./boards/memory.ts";
import * as cache from "./cache/cache.ts";
import { deletionsMade, forgetDeletions } from "./deletion.ts";
import * as states from "./documents/states.ts";
import type { Unsaved } from "./documents/unsaved.ts";
import * as unsaved from "./documents/unsaved.ts";
import * as channel from "./live/channel.ts";
import { people, recallNames } from "./people/on-screen.ts";
import type { SignUpRequest, User } from "./server/api.ts";
import * as api from "./server/api.ts";
import { Problem } from "./server/problem.ts";

export type Session =
  /** The page has just been opened and asks the server. */
  | { state: "unknown" }
  /** `ended` if the session ended without signing out. */
  | { state: "out"; ended: boolean }
  | { state: "in"; user: User };

export const session = signal<Session>({ state: "unknown" });

/** Asks the server whether there is a session. If it cannot be reached, uses the cached user. */
export async function resume(): Promise<void> {
  let user: User | undefined;
  try {
    user = await api.whoAmI();
  } catch (error) {
    user = error instanceof Problem && error.unreached ? await cache.user() : undefined;
    if (user === undefined) throw error;
  }
  if (user === undefined) session.value = { state: "out", ended: false };
  else await enter(user, false);
}

export async function signUp(request: SignUpRequest): Promise<void> {
  await enter(await api.signUp(request), true);
}

/** Sets the password of the account that a link names, and signs in to it. */
export async function setPasswordByLink(token: string, newPassword: string): Promise<void> {
  await enter(await api.setPasswordByLink(token, newPassword), true);
}

export async function signIn(username: string, password: string): Promise<void> {
  await enter(await api.signIn(username, password), true);
}

/** Signs in by a request that another module sends. */
export async function signInWith(request: () => Promise<User>): Promise<void> {
  await enter(await request(), true);
}

/** Changes the user's display name. Returns it as it was saved. */
export async function changeDisplayName(displayName: string): Promise<string> {
  const user = await api.changeDisplayName(displayName);
  people.put(user);
  // The session may have ended meanwhile.
  if (session.peek().state === "in") {
    session.value = { state: "in", user };
    channel.renamed();
    await cache.putUser(user);
  }
  return user.displayName;
}

/** Signs out and clears this browser. Also deletes what is unsaved, and the user agreed to delete. */
export async function signOut(deleted: readonly Unsaved[]): Promise<void> {
  // A deletion that is on its way needs the session.
  await deletionsMade();
  await api.signOut();
  await leave(deleted);
}

/** Clears this browser after the session has ended on the server. */
export async function leave(deleted: readonly Unsaved[]): Promise<void> {
  session.value = { state: "out", ended: false };
  channel.leave();
  people.clear();
  forgetDeletions();
  forgetBoards();
  await Promise.all([cache.clear(), unsaved.clear(deleted)]);
}

/** Called when the session expired or was ended elsewhere. What is unsaved stays for its author. */
export function ended(): void {
  if (session.value.state !== "in") return;
  unsaved.end();
  session.value = { state: "out", ended: true };
  channel.leave();
  people.clear();
  forgetDeletions();
  void cache.clear();
}

/** Called when a user signed in at another tab. All tabs of the browser share the cookie. */
export async function enteredElsewhere(username: string): Promise<void> {
  const now = session.peek();
  if (now.state === "in" && now.user.username === username) return;
  ended();
  await resume().catch(() => {});
}

async function enter(user: User, newSession: boolean): Promise<void> {
  if (newSession) await Promise.all([cache.clear(), states.clear()]);
  unsaved.begin(user.username);
  await Promise.all([cache.putUser(user), recallNames()]);
  recallBoards(user.username);
  channel.enter(user.username, newSession);
  session.value = { state: "in", user };
}
