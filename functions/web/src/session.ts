// Who is signed in.

import { signal } from "@preact/signals";
import * as cache from "./cache/cache.ts";
import * as channel from "./live/channel.ts";
import type { SignUpRequest, User } from "./server/api.ts";
import * as api from "./server/api.ts";
import { Problem } from "./server/problem.ts";
import * as desk from "./writing/desk.ts";
import type { Place } from "./writing/drafts.ts";

export type Session =
  /** The page has just been opened and asks. */
  | { state: "unknown" }
  /** `ended` if the person did not sign out but was signed out. */
  | { state: "out"; ended: boolean }
  | { state: "in"; user: User };

export const session = signal<Session>({ state: "unknown" });

/** Asks the server whether there is a session. Where it cannot be reached, whoever was here last goes on with what was kept. */
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

export async function signIn(username: string, password: string): Promise<void> {
  await enter(await api.signIn(username, password), true);
}

/** Leaves nothing behind in this browser, `unsaved` included: what the person was asked about. */
export async function signOut(unsaved: readonly Place[]): Promise<void> {
  await api.signOut();
  await leave(unsaved);
}

/** Forgets the person here, whose session is gone already. */
export async function leave(unsaved: readonly Place[]): Promise<void> {
  session.value = { state: "out", ended: false };
  channel.leave();
  await Promise.all([cache.clear(), desk.clear(unsaved)]);
}

/** The session expired, or was ended elsewhere. What is being written is kept for when its author is back. */
export function ended(): void {
  if (session.value.state !== "in") return;
  session.value = { state: "out", ended: true };
  channel.leave();
  void cache.clear();
}

/** Somebody signed in at another page of this browser: its cookie is this page's too. */
export async function enteredElsewhere(username: string): Promise<void> {
  const now = session.peek();
  if (now.state === "in" && now.user.username === username) return;
  ended();
  await resume().catch(() => {});
}

async function enter(user: User, anew: boolean): Promise<void> {
  if (anew) await cache.clear();
  await Promise.all([cache.putUser(user), desk.sitDown(user.username)]);
  channel.enter(user.username, anew);
  session.value = { state: "in", user };
}
