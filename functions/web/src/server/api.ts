// The HTTP interface, as functions.

import type { Comment } from "../live/comments.ts";
import type { Draft, Note, TitleRow } from "../note.ts";
import { toJson } from "../well-formed.ts";
import type { WriteOutcome } from "../writing/editing.ts";
import { Problem } from "./problem.ts";

export interface User {
  username: string;
  displayName: string;
}

let sessionEnded = (): void => {};

/** Calls `listener` whenever the server answers that there is no session (any more). */
export function onSessionEnd(listener: () => void): void {
  sessionEnded = listener;
}

/** The most that browsers send for a page that is gone already: 64 KiB in all. */
const SMALL = 16_384;

/** Lines of JSON, as they are said in the header. */
const NDJSON = "application/x-ndjson";

/** The header Date is in whole seconds, and takes a while to come. Clocks that differ by no more agree. */
const AGREE_MS = 10_000;

/** How far the server's clock is ahead of this one. */
let ahead = 0;

/** The time, even if this machine's clock is wrong. */
export function serverTime(): number {
  return Date.now() + ahead;
}

interface Options {
  body?: unknown;
  /** What is sent instead of a body: lines of JSON. */
  lines?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function request(method: string, path: string, options: Options = {}): Promise<Response> {
  const { body, lines, headers = {}, signal } = options;
  let response: Response;
  const content = lines ?? (body === undefined ? undefined : toJson(body));
  const size = content instanceof Blob ? content.size : (content?.length ?? 0);
  const type = lines === undefined ? "application/json" : NDJSON;
  try {
    response = await fetch(path, {
      method,
      cache: "no-store",
      headers: content === undefined ? headers : { ...headers, "content-type": type },
      ...(content !== undefined && { body: content }),
      ...(signal && { signal }),
      // What was begun is done, even if the page is closed meanwhile.
      keepalive: method !== "GET" && size < SMALL,
    });
  } catch (error) {
    throw signal?.aborted ? error : Problem.unreachable();
  }
  const differs = Date.parse(response.headers.get("date") ?? "") - Date.now();
  ahead = Math.abs(differs) > AGREE_MS ? differs : 0;
  if (!response.ok) throw await Problem.of(response);
  return response;
}

/** A request that wants a session. */
export async function authenticated(method: string, path: string, options?: Options): Promise<Response> {
  try {
    return await request(method, path, options);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) sessionEnded();
    throw error;
  }
}

/** What somebody who wants an account says. */
export interface Newcomer {
  username: string;
  password: string;
  displayName: string;
  /** What the team lets its own in with, if it wants that. */
  code: string;
}

export async function signUp({ username, password, displayName, code }: Newcomer): Promise<User> {
  const body = {
    username,
    password,
    ...(displayName.trim() !== "" && { displayName }),
    ...(code !== "" && { code }),
  };
  return (await request("POST", "/api/users", { body })).json();
}

/** Who has a username, or whether the account is gone. */
export async function person(username: string): Promise<{ gone?: boolean }> {
  return (await authenticated("GET", `/api/users/${encodeURIComponent(username)}`)).json();
}

export async function signIn(username: string, password: string): Promise<User> {
  return (await request("POST", "/api/session", { body: { username, password } })).json();
}

/** Ends the session; one that has ended already is no failure. */
export async function signOut(): Promise<void> {
  await whereSignedIn(request("DELETE", "/api/session"));
}

/** Who is signed in, if anybody. */
export async function whoAmI(): Promise<User | undefined> {
  return (await whereSignedIn(request("GET", "/api/session")))?.json();
}

/** The answer, or nothing if there is no session. */
async function whereSignedIn(answer: Promise<Response>): Promise<Response | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return undefined;
    throw error;
  }
}

/** Where and when somebody is signed in. */
export interface SignedIn {
  id: string;
  created: string;
  lastSeen: string;
  expires: string;
  address: string;
  /** What the browser calls itself. */
  agent: string;
  /** Whether it is this one. */
  current: boolean;
}

/** One's sessions, the one used last first. */
export async function sessions(): Promise<SignedIn[]> {
  const { sessions } = (await (await authenticated("GET", "/api/sessions")).json()) as { sessions: SignedIn[] };
  return sessions;
}

/** Ends a session; one that has ended already is no failure. */
export async function endSession(id: string): Promise<void> {
  try {
    await authenticated("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

/** Ends all sessions but this one. */
export async function endOtherSessions(): Promise<void> {
  await authenticated("DELETE", "/api/sessions");
}

/** Sets another password. All other sessions end. */
export async function changePassword(password: string, newPassword: string): Promise<void> {
  await authenticated("PUT", "/api/account/password", { body: { password, newPassword } });
}

/** Deletes the account of whoever is signed in, and with it their sessions. */
export async function deleteAccount(password: string): Promise<void> {
  await authenticated("POST", "/api/account/deletion", { body: { password } });
}

/** A page of titles, newest change first, and where the next begins. */
export async function titles(
  cursor?: string,
  signal?: AbortSignal,
): Promise<{ notelist: TitleRow[]; cursor?: string }> {
  return (await authenticated("GET", `/api/notes${from(cursor)}`, signal && { signal })).json();
}

/** How many notes there are. */
export async function count(): Promise<number> {
  const { count } = (await (await authenticated("GET", "/api/notes?select=count")).json()) as { count: number };
  return count;
}

/** A page of a note's comments, newest first, and where the next begins. */
export async function comments(
  key: string,
  cursor?: string,
  signal?: AbortSignal,
): Promise<{ comments: Comment[]; cursor?: string }> {
  return (await authenticated("GET", `${pathOf(key)}/comments${from(cursor)}`, signal && { signal })).json();
}

/** The note, if there is one. */
export async function read(key: string, signal: AbortSignal): Promise<Note | undefined> {
  try {
    return await (await authenticated("GET", pathOf(key), { signal })).json();
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

/** Writes the note over version `base`, or as a new one where there is no base. */
export function write(key: string, base: number | undefined, draft: Draft): Promise<WriteOutcome> {
  const condition: Record<string, string> = base === undefined ? { "if-none-match": "*" } : { "if-match": `"${base}"` };
  return outcome(async () => {
    const response = await authenticated("PUT", pathOf(key), { body: draft, headers: condition });
    return { kind: "saved", note: await response.json() };
  });
}

/** How the attempt to delete ended. */
export type DeleteOutcome = { kind: "deleted" } | Refusal;

/** Deletes the note if it stands at `version`. */
export function destroy(key: string, version: number): Promise<DeleteOutcome> {
  return outcome(async () => {
    await authenticated("DELETE", pathOf(key), { headers: { "if-match": `"${version}"` } });
    return { kind: "deleted" };
  });
}

type Refusal = Exclude<WriteOutcome, { kind: "saved" }>;

async function outcome<Done>(attempt: () => Promise<Done>): Promise<Done | Refusal> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) return { kind: "gone" };
    if (error.status === 412 && error.note) return { kind: "stale", current: error.note };
    throw error;
  }
}

/** The query that asks for the page at `cursor`. */
function from(cursor: string | undefined): string {
  return cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
}

function pathOf(key: string): string {
  return `/api/notes/${encodeURIComponent(key)}`;
}
