// The HTTP interface for administrators: a function for each request.

import { authenticated } from "./api.ts";

/** A person with an account. */
export interface Person {
  username: string;
  displayName: string;
  administrator: boolean;
  disabled: boolean;
  created: string;
  lastSeen?: string;
}

/** An open invitation. */
export interface Invitation {
  id: string;
  /** The administrator who made it. Absent for the operator's command. */
  by?: string;
  created: string;
  expires: string;
  /** The number of accounts that it can still make. */
  uses: number;
}

/** Something that an administrator did. */
export interface AuditRecord {
  id: string;
  at: string;
  by?: string;
  action: string;
  target?: string;
}

/** A page of a list. */
export interface Page<Item> {
  items: Item[];
  cursor?: string;
}

/** A secret of a link. It is shown once. */
export interface Secret {
  token: string;
  expires: string;
}

/** Reads a page of people, sorted by username. */
export async function people(cursor?: string): Promise<Page<Person>> {
  const { users, cursor: next } = await get<{ users: Person[]; cursor?: string }>("users", cursor);
  return { items: users, ...(next !== undefined && { cursor: next }) };
}

/** Reads a page of the audit record, newest first. */
export async function audit(cursor?: string): Promise<Page<AuditRecord>> {
  const { records, cursor: next } = await get<{ records: AuditRecord[]; cursor?: string }>("audit", cursor);
  return { items: records, ...(next !== undefined && { cursor: next }) };
}

export async function invitations(): Promise<Invitation[]> {
  return (await get<{ invitations: Invitation[] }>("invitations")).invitations;
}

/** Makes an invitation for a number of accounts and days. */
export async function invite(uses: number, days: number): Promise<Invitation & Secret> {
  const made = await send("POST", "invitations", { uses, days });
  return { created: new Date().toISOString(), ...(await made.json()) };
}

export async function revokeInvitation(id: string): Promise<void> {
  await send("DELETE", `invitations/${encodeURIComponent(id)}`);
}

/** Signs a person out everywhere, and refuses further sign-ins. */
export async function disable(username: string): Promise<void> {
  await send("POST", `users/${encodeURIComponent(username)}/disable`);
}

export async function enable(username: string): Promise<void> {
  await send("POST", `users/${encodeURIComponent(username)}/enable`);
}

/** Deletes an account. Its notes stay. */
export async function remove(username: string): Promise<void> {
  await send("DELETE", `users/${encodeURIComponent(username)}`);
}

export async function grantAdministrator(username: string): Promise<void> {
  await send("PUT", `administrators/${encodeURIComponent(username)}`);
}

export async function withdrawAdministrator(username: string): Promise<void> {
  await send("DELETE", `administrators/${encodeURIComponent(username)}`);
}

/** Makes a link with which a person can set a new password. */
export async function makePasswordLink(username: string): Promise<Secret> {
  return (await send("POST", `users/${encodeURIComponent(username)}/password-link`)).json();
}

async function get<Body>(path: string, cursor?: string): Promise<Body> {
  const query = cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
  return (await authenticated("GET", `/api/admin/${path}${query}`)).json();
}

function send(method: string, path: string, body?: unknown): Promise<Response> {
  return authenticated(method, `/api/admin/${path}`, body === undefined ? {} : { body });
}
