// A user with an account and a session, over HTTP.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

export const address = process.env.NOTES_ADDRESS ?? assert.fail("NOTES_ADDRESS is not set: see tests/with-cloud");

const PASSWORD = "correct horse battery";

export class TestUser {
  username;
  cookie;

  constructor(username, cookie) {
    this.username = username;
    this.cookie = cookie;
  }

  /** Creates an account. */
  static async signUp() {
    const username = `node-${randomUUID().slice(0, 18)}`;
    return new TestUser(username, await enter("/api/users", username, 201));
  }

  /** Starts another session of the same user. */
  async signInAgain() {
    return new TestUser(this.username, await enter("/api/session", this.username, 200));
  }

  async signOut() {
    await this.#request("DELETE", "/api/session", 204);
  }

  async create(title, body = "") {
    const answer = await this.#request("POST", "/api/boards/team/notes", 201, { body: { title, body } });
    return answer.json();
  }

  /** Creates a note under a new key. */
  async createAs(key, title) {
    const answer = await this.#request("PUT", `/api/boards/team/notes/${key}`, 201, {
      body: { title, body: "" },
      headers: { "if-none-match": "*" },
    });
    return answer.json();
  }

  async read(note) {
    return (await this.#request("GET", `/api/boards/team/notes/${note.key}`, 200)).json();
  }

  /** Reads a page of a note's comments. */
  async comments(note, query = {}) {
    return (
      await this.#request("GET", `/api/boards/team/notes/${note.key}/comments?${new URLSearchParams(query)}`, 200)
    ).json();
  }

  async rename(note, title) {
    const answer = await this.#request("PUT", `/api/boards/team/notes/${note.key}`, 200, {
      body: { title, body: note.body },
      headers: { "if-match": `"${note.version}"` },
    });
    return answer.json();
  }

  async destroy(note) {
    await this.#request("DELETE", `/api/boards/team/notes/${note.key}`, 204, {
      headers: { "if-match": `"${note.version}"` },
    });
  }

  /** Creates a private board with one note, and returns the board. */
  async createBoard(name, noteTitle) {
    const board = await (await this.#request("POST", "/api/boards", 201, { body: { name } })).json();
    const note = { title: noteTitle, body: "" };
    await this.#request("POST", `/api/boards/${board.id}/notes`, 201, { body: note });
    return board;
  }

  /** Gives somebody a role on a board. */
  async setRole(board, user, role) {
    await this.#request("PUT", `/api/boards/${board.id}/members/${user.username}`, 204, { body: { role } });
  }

  /** Ends a membership. */
  async removeMember(board, user) {
    await this.#request("DELETE", `/api/boards/${board.id}/members/${user.username}`, 204);
  }

  async #request(method, path, expected, { body, headers } = {}) {
    return request(method, path, expected, { body, headers: { cookie: this.cookie, ...headers } });
  }
}

async function enter(path, username, expected) {
  const answer = await request("POST", path, expected, { body: { username, password: PASSWORD } });
  const cookie = answer.headers.getSetCookie().find((cookie) => cookie.startsWith("__Host-notes-session="));
  return cookie.split(";")[0];
}

async function request(method, path, expected, { body, headers }) {
  const answer = await fetch(address + path, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.equal(answer.status, expected, `${method} ${path}`);
  return answer;
}
