// Who is signed in.

import { signal } from "@preact/signals";
import * as api from "./api.ts";
import type { Newcomer, User } from "./api.ts";
import { drafts } from "./drafts.ts";

export type Session =
  /** The page has just been opened and asks. */
  | { state: "unknown" }
  /** `ended` if the person did not sign out but was signed out. */
  | { state: "out"; ended: boolean }
  | { state: "in"; user: User };

export const session = signal<Session>({ state: "unknown" });

/** Asks the server whether there is a session. */
export async function resume(): Promise<void> {
  const user = await api.whoAmI();
  session.value = user === undefined ? { state: "out", ended: false } : { state: "in", user };
}

export async function signUp(newcomer: Newcomer): Promise<void> {
  enter(await api.signUp(newcomer));
}

export async function signIn(username: string, password: string): Promise<void> {
  enter(await api.signIn(username, password));
}

export async function signOut(): Promise<void> {
  await api.signOut();
  drafts.clear();
  session.value = { state: "out", ended: false };
}

/** The session expired, or was ended elsewhere. What is being written is kept for when its author is back. */
export function ended(): void {
  if (session.value.state === "in") session.value = { state: "out", ended: true };
}

function enter(user: User): void {
  drafts.keepOnlyOf(user.username);
  session.value = { state: "in", user };
}
