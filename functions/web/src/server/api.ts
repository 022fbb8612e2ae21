// The HTTP interface: a function for each request.

import type { Comment, Draft, Note, NoteId, TitleRow } from "../note.ts";
import { toJson } from "../well-formed.ts";
import { Problem } from "./problem.ts";

export interface User {
  username: string;
  displayName: string;
}

let sessionEnded = (): void => {};

/** Calls `listener` whenever the server responds that there is no session. */
export function onSessionEnd(listener: () => void): void {
  sessionEnded = listener;
}

/** Size up to which a request outlives the page. Browsers allow 64 KiB for all such requests together. */
const SMALL = 16_384;

/** The media type of lines of JSON. */
const NDJSON = "application/x-ndjson";

/** Clocks that differ by less count as equal. The Date header has whole seconds, and takes a while to arrive. */
const AGREE_MS = 10_000;

/** How far the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;

/** Returns the time in milliseconds, even if the clock of this machine is wrong. */
export function serverTime(): number {
  return Date.now() + ahead;
}

interface Options {
  body?: unknown;
  /** Lines of JSON, sent instead of a body. */
  lines?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends a request that needs no session. */
export async function request(method: string, path: string, options: Options = {}): Promise<Response> {
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
      // A change is completed even if the user closes the page.
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

/** Sends a request that needs a session. */
export async function authenticated(method: string, path: string, options?: Options): Promise<Response> {
  try {
    return await request(method, path, options);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) sessionEnded();
    throw error;
  }
}

/** A request to create an account. */
export interface SignUpRequest {
  username: string;
  password: string;
  displayName: string;
  /** The sign-up code, if the team requires one. */
  code: string;
  /** The token of an invitation, if there is one. */
  invitation: string;
}

/** Who may create an account. */
export interface HowToSignUp {
  policy: "invitation" | "code" | "open";
  /** Whether there is no account yet. The first one is the administrator's. */
  first: boolean;
}

export async function howToSignUp(): Promise<HowToSignUp> {
  return (await request("GET", "/api/sign-up")).json();
}

export async function signUp(account: SignUpRequest): Promise<User> {
  const { username, password, displayName, code, invitation } = account;
  const body = {
    username,
    password,
    ...(displayName.trim() !== "" && { displayName }),
    ...(code !== "" && { code }),
    ...(invitation !== "" && { invitation }),
  };
  return (await request("POST", "/api/users", { body })).json();
}

/** The names that a user has or wants to have. */
export type Names = Partial<User>;

/** How soon a password would be guessed. */
export interface Strength {
  /** From 0 (guessed at once) to 4. The server refuses new passwords with 0 or 1. */
  score: 0 | 1 | 2 | 3 | 4;
  /** What makes it weak. */
  weakness?: string;
}

/** Estimates the strength of a password. The names count as guessed. */
export async function passwordStrength(password: string, names: Names, signal: AbortSignal): Promise<Strength> {
  return (await request("POST", "/api/password-strength", { body: { password, ...names }, signal })).json();
}

/** What others see of an account. A deleted one has no display name. */
export interface Person {
  username: string;
  displayName?: string;
  gone?: boolean;
}

/** Looks up the accounts of at most 100 usernames. Unknown ones are absent from the result. */
export async function users(usernames: readonly string[]): Promise<Person[]> {
  const query = new URLSearchParams(usernames.map((username) => ["username", username]));
  const { users } = (await (await authenticated("GET", `/api/users?${query}`)).json()) as { users: Person[] };
  return users;
}

/** Changes the user's display name. Returns the user with the name as it was saved. */
export async function changeDisplayName(displayName: string): Promise<User> {
  return (await authenticated("PUT", "/api/account/display-name", { body: { displayName } })).json();
}

export async function signIn(username: string, password: string): Promise<User> {
  return (await request("POST", "/api/session", { body: { username, password } })).json();
}

/** Ends the session. Succeeds if it has ended already. */
export async function signOut(): Promise<void> {
  await ifSignedIn(request("DELETE", "/api/session"));
}

/** Returns the user who is signed in, if there is a session. */
export async function whoAmI(): Promise<User | undefined> {
  return (await ifSignedIn(request("GET", "/api/session")))?.json();
}

/** Resolves to the response, or to nothing if there is no session. */
async function ifSignedIn(response: Promise<Response>): Promise<Response | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return undefined;
    throw error;
  }
}

/** A session of the user. */
export interface UserSession {
  id: string;
  created: string;
  lastSeen: string;
  expires: string;
  address: string;
  /** The User-Agent header of the browser. */
  agent: string;
  /** Whether this browser uses the session. */
  current: boolean;
}

/** Returns the user's sessions, most recently used first. */
export async function sessions(): Promise<UserSession[]> {
  const { sessions } = (await (await authenticated("GET", "/api/sessions")).json()) as { sessions: UserSession[] };
  return sessions;
}

/** Ends one of the user's sessions. Succeeds if it has ended already. */
export async function endSession(id: string): Promise<void> {
  try {
    await authenticated("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

/** Ends all sessions except this one. */
export async function endOtherSessions(): Promise<void> {
  await authenticated("DELETE", "/api/sessions");
}

/** Returns whether the user is an administrator. */
export async function isAdministrator(): Promise<boolean> {
  const account = (await (await authenticated("GET", "/api/account")).json()) as { administrator: boolean };
  return account.administrator;
}

/** Sets the password of the account that a link names. Resolves to its user, who is signed in then. */
export async function setPasswordByLink(token: string, newPassword: string): Promise<User> {
  return (await request("POST", "/api/account/new-password", { body: { token, newPassword } })).json();
}

/** Changes the password. This ends all other sessions. */
export async function changePassword(password: string, newPassword: string): Promise<void> {
  await authenticated("PUT", "/api/account/password", { body: { password, newPassword } });
}

/** Deletes the user's account and all of its sessions. */
export async function deleteAccount(password: string): Promise<void> {
  await authenticated("POST", "/api/account/deletion", { body: { password } });
}

/** Reads a page of a board's titles, newest change first, with the cursor of the next page. */
export async function titles(
  board: string,
  cursor?: string,
  signal?: AbortSignal,
): Promise<{ notelist: TitleRow[]; cursor?: string }> {
  return (await authenticated("GET", `${notesOf(board)}${from(cursor)}`, signal && { signal })).json();
}

/** Reads the number of notes on a board. */
export async function count(board: string): Promise<number> {
  const response = await authenticated("GET", `${notesOf(board)}?select=count`);
  return ((await response.json()) as { count: number }).count;
}

/** Reads a page of a note's comments, newest first, with the cursor of the next page. */
export async function comments(
  id: NoteId,
  cursor?: string,
  signal?: AbortSignal,
): Promise<{ comments: Comment[]; cursor?: string }> {
  return (await authenticated("GET", `${pathOf(id)}/comments${from(cursor)}`, signal && { signal })).json();
}

/** Reads a note. Resolves to nothing if it does not exist on the board. Throws a Problem if there is no such board. */
export async function read(id: NoteId, signal: AbortSignal): Promise<Note | undefined> {
  try {
    return await (await authenticated("GET", pathOf(id), { signal })).json();
  } catch (error) {
    if (error instanceof Problem && isGone(error)) return undefined;
    throw error;
  }
}

/** The outcome of an attempt to write a note. */
export type WriteOutcome =
  | { kind: "saved"; note: Note }
  /** The note is at another version than `base`, or a note exists where there is no base. */
  | { kind: "stale"; current: Note }
  | { kind: "gone" };

/** Replaces version `base` of the note, or creates the note if there is no base. */
export function write(id: NoteId, base: number | undefined, draft: Draft): Promise<WriteOutcome> {
  const condition: Record<string, string> = base === undefined ? { "if-none-match": "*" } : { "if-match": `"${base}"` };
  return outcome(async () => {
    const response = await authenticated("PUT", pathOf(id), { body: draft, headers: condition });
    return { kind: "saved", note: await response.json() };
  });
}

/** The condition of requests that need the note to exist, whatever its text is by now. */
const ANY_VERSION = { "if-match": "*" };

/** Deletes the note. Succeeds if it is deleted already. */
export async function destroy(id: NoteId): Promise<void> {
  try {
    await authenticated("DELETE", pathOf(id), { headers: ANY_VERSION });
  } catch (error) {
    if (!(error instanceof Problem && isGone(error))) throw error;
  }
}

/** Moves the note to another board. It is stale if somebody changed it at the same moment. */
export function move(id: NoteId, board: string): Promise<{ kind: "moved" } | Refusal> {
  return outcome(async () => {
    await authenticated("POST", `${pathOf(id)}/move`, { body: { board }, headers: ANY_VERSION });
    return { kind: "moved" };
  });
}

type Refusal = Exclude<WriteOutcome, { kind: "saved" }>;

async function outcome<Done>(attempt: () => Promise<Done>): Promise<Done | Refusal> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (isGone(error)) return { kind: "gone" };
    if (error.status === 412 && error.note) return { kind: "stale", current: error.note };
    throw error;
  }
}

/** Returns whether the note is gone. A board that is gone, or that the user may no longer open, says nothing of the note. */
function isGone({ status, code }: Problem): boolean {
  return status === 404 && code !== "no-such-board";
}

/** Returns the query string of the page at `cursor`. */
function from(cursor: string | undefined): string {
  return cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
}

/** Returns the path of a board. */
export function boardPath(board: string): string {
  return `/api/boards/${encodeURIComponent(board)}`;
}

function notesOf(board: string): string {
  return `${boardPath(board)}/notes`;
}

/** Returns the path of a note. */
export function pathOf({ board, key }: NoteId): string {
  return `${notesOf(board)}/${encodeURIComponent(key)}`;
}
