// The HTTP interface of boards and their members: a function for each request.

import { authenticated, boardPath } from "./api.ts";

export type Role = "owner" | "editor" | "reader";

/** The parts of a board that an owner can change. */
export interface BoardSettings {
  name: string;
  visibility: "team" | "private";
  /** The role of everybody on a team board. */
  teamRole?: TeamRole;
}

export type TeamRole = "editor" | "reader";

export interface Board extends BoardSettings {
  id: string;
  /** The role of the user who asks. */
  role: Role;
  version: number;
  created?: string;
  /** The time of the last known change of a note. RFC 3339, UTC: it sorts as text. */
  changed?: string;
}

export interface Member {
  username: string;
  role: Role;
  since: string;
}

/** An open invitation to a board. */
export interface BoardInvitation {
  id: string;
  role: Role;
  by?: string;
  created: string;
  expires: string;
  /** The number of people who can still join with it. */
  uses: number;
}

/** Reads the boards of the user, in the order of the server. */
export async function boards(signal?: AbortSignal): Promise<Board[]> {
  const response = await authenticated("GET", "/api/boards", signal && { signal });
  return ((await response.json()) as { boards: Board[] }).boards;
}

export async function createBoard(settings: BoardSettings): Promise<Board> {
  return (await authenticated("POST", "/api/boards", { body: settings })).json();
}

/** Changes a board if it is at the version that the user saw. */
export async function changeBoard({ id, version }: Board, settings: BoardSettings): Promise<Board> {
  return (await authenticated("PUT", boardPath(id), { body: settings, headers: ifAt(version) })).json();
}

/** Deletes a board with its notes, if it is at the version that the user saw. */
export async function deleteBoard({ id, version }: Board): Promise<void> {
  await authenticated("DELETE", boardPath(id), { headers: ifAt(version) });
}

/** Reads the members, sorted by username. On a team board these are the people with a role of their own. */
export async function members(board: string): Promise<Member[]> {
  const response = await authenticated("GET", `${boardPath(board)}/members`);
  return ((await response.json()) as { members: Member[] }).members;
}

/** Adds a member, or changes the role of one. */
export async function setMember(board: string, username: string, role: Role): Promise<void> {
  await authenticated("PUT", memberPath(board, username), { body: { role } });
}

export async function removeMember(board: string, username: string): Promise<void> {
  await authenticated("DELETE", memberPath(board, username));
}

export async function boardInvitations(board: string): Promise<BoardInvitation[]> {
  const response = await authenticated("GET", `${boardPath(board)}/invitations`);
  return ((await response.json()) as { invitations: BoardInvitation[] }).invitations;
}

/** Makes an invitation for a role, a number of days and a number of people. */
export async function inviteToBoard(
  board: string,
  invitation: { role: Role; days: number; uses: number },
): Promise<BoardInvitation & { token: string }> {
  const response = await authenticated("POST", `${boardPath(board)}/invitations`, { body: invitation });
  return { created: new Date().toISOString(), ...(await response.json()) };
}

export async function revokeBoardInvitation(board: string, id: string): Promise<void> {
  await authenticated("DELETE", `${boardPath(board)}/invitations/${encodeURIComponent(id)}`);
}

/** Joins the board of an invitation. */
export async function joinBoard(token: string): Promise<Board> {
  return (await authenticated("POST", "/api/boards/join", { body: { token } })).json();
}

function memberPath(board: string, username: string): string {
  return `${boardPath(board)}/members/${encodeURIComponent(username)}`;
}

function ifAt(version: number): Record<string, string> {
  return { "if-match": `"${version}"` };
}
