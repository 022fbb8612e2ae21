// A server for tests: documents behind the HTTP interface and the namespace /notes. It refuses what the real one refuses.

import { applyUpdate, ContentString, Doc, decodeUpdate, encodeStateAsUpdate } from "yjs";
import type { Note } from "../../note.ts";
import { fromBase64, toBase64 } from "../../server/base64.ts";
import type { Client, ClientSocket } from "./client.ts";

interface StoredNote {
  note: Note;
  document: string;
  doc: Doc;
}

/** A refusal, as an acknowledgement has it. */
interface Refusal {
  error: { code: string; message: string };
}

const STATUS: Record<string, number> = { "no-such-note": 404, "read-only": 403, "quota-reached": 429 };

export class FakeServer {
  readonly notes = new Map<string, StoredNote>();
  readonly clients = new Map<string, Client>();
  /** The sockets in the rooms of notes, by key. */
  readonly rooms = new Map<string, Set<ClientSocket>>();
  /** The requests that arrived: "POST plan/edits", and "edit" for events. */
  readonly requests: string[] = [];
  /** Edits that were not pushed to everybody yet. Merging them pushes them again. */
  readonly unmerged: { key: string; document: string; update: string }[] = [];
  /** Whether updates do not fit into the event `document`. */
  hasShortFrames = false;
  /** When the last note was created, in milliseconds since 1970. */
  #created = Date.UTC(2026);
  /** The refusal of each edit, if it is set. */
  refusal: string | undefined;
  /** Maximum length of a text. */
  longest = Number.POSITIVE_INFINITY;
  /** Whether a request is handled, and its response does not arrive. */
  losesResponse = (_request: string): boolean => false;
  /** Whether an edit does not arrive at a socket. It does once edits are merged, or the socket joins again. */
  losesEvent = (_socket: ClientSocket): boolean => false;
  /** Delivers a message. */
  deliver = (message: () => void): void => queueMicrotask(message);

  /** Stores a note, as if it had been there before. */
  write(key: string, body: string, author = "grace"): StoredNote {
    const doc = new Doc();
    doc.getText("text").insert(0, body);
    this.#created += 1;
    const created = new Date(this.#created).toISOString();
    const note: Note = {
      key,
      title: "Plan",
      body,
      author,
      editor: author,
      version: 1,
      created,
      updated: created,
    };
    const stored = { note, document: crypto.randomUUID(), doc };
    this.notes.set(key, stored);
    return stored;
  }

  textOf(key: string): string | undefined {
    return this.notes.get(key)?.doc.getText("text").toString();
  }

  destroy(key: string): void {
    this.notes.delete(key);
    this.#push(key, "notedestroyed", {});
  }

  /** Handles a request. The board of its path names the browser. */
  readonly fetch = async (path: string, { method, headers, body }: RequestInit): Promise<Response> => {
    const parts = /^\/api\/boards\/([^/]+)\/notes\/([^/?]+)(\/[a-z]+)?(\?vector=(.+))?$/.exec(path);
    const boards = [...this.clients.values()].map(({ board, role }) => ({ id: board, name: board, role }));
    if (parts === null) return Response.json({ boards, users: [], notelist: [], count: 0 });
    const [, board = "", key = "", part = "", , vector] = parts;
    const client = this.clients.get(board);
    if (!client?.isOnline) throw new TypeError("no network");
    const request = `${method} ${key}${part}`;
    this.requests.push(request);
    if (!client.isSignedIn) return problem(401, "unauthenticated");
    const condition = new Headers(headers).get("if-none-match");
    const response = this.#respond(client, `${method} ${part}`, key, { body, condition, vector });
    if (this.losesResponse(request)) throw new TypeError("no network");
    return response;
  };

  /** Returns why nobody may join the room of a note. */
  refusalOf(key: string): string | undefined {
    return this.notes.has(key) ? undefined : "no-such-note";
  }

  /** Adds a socket to the room of a note, and shows it the note. */
  join(socket: ClientSocket, key: string, known: { document?: string; vector?: string }): void {
    const { note, document, doc } = this.notes.get(key)!;
    this.#roomOf(key).add(socket);
    this.#showPresence(key);
    this.#emit(socket, "noteupdated", { note: { ...note, body: doc.getText("text").toString() } });
    if (socket.client.role === "reader") return;
    const vector = known.document === document && known.vector ? fromBase64(known.vector) : undefined;
    const update = this.hasShortFrames ? undefined : toBase64(encodeStateAsUpdate(doc, vector));
    this.#emit(socket, "document", { key, document, ...(update && { update }) });
  }

  leave(socket: ClientSocket): void {
    for (const [key, room] of this.rooms) if (room.delete(socket)) this.#showPresence(key);
  }

  /** Handles an event of a socket. Returns its acknowledgement. */
  receive(socket: ClientSocket, key: string, event: string, payload: Record<string, unknown>): object {
    this.requests.push(event);
    const { client, id } = socket;
    if (!client.isSignedIn) return refusal("unauthenticated");
    const from = { socket: id, username: client.username };
    const cursor = payload["cursor"] ?? undefined;
    if (event === "edit") {
      const { update } = payload;
      return this.#store(client, key, String(update)) ?? this.#pushEdit(socket, key, String(update), { from, cursor });
    }
    if (event === "cursor") this.#push(key, "cursor", { from, cursor }, socket);
    return {};
  }

  /** Merges edits, and emits them once more. */
  merge(): void {
    for (const edit of this.unmerged.splice(0)) {
      for (const socket of this.#roomOf(edit.key)) this.#emit(socket, "edit", edit);
    }
  }

  /** Emits an event to a room. */
  push(key: string, event: string, payload: object): void {
    this.#push(key, event, { key, ...payload });
  }

  #respond(
    client: Client,
    request: string,
    key: string,
    { body, condition, vector }: { body: unknown; condition: string | null; vector: string | undefined },
  ): Response {
    const stored = this.notes.get(key);
    const content = body === undefined || body === null ? {} : JSON.parse(String(body));
    if (request === "PUT ") {
      if (stored !== undefined && condition === "*") return problem(412, "stale", { note: stored.note });
      const { note } = this.write(key, content.body, client.username);
      note.title = content.title;
      return Response.json(note);
    }
    if (stored === undefined) return problem(404, "no-such-note");
    const { note, doc, document } = stored;
    switch (request) {
      case "GET ":
        return Response.json({ ...note, body: doc.getText("text").toString() });
      case "GET /comments":
        return Response.json({ comments: [] });
      case "GET /document": {
        const known = vector && fromBase64(decodeURIComponent(vector).replace(/-/g, "+").replace(/_/g, "/"));
        const update = encodeStateAsUpdate(doc, known || undefined);
        return Response.json({ document, update: toBase64(update) });
      }
      case "PATCH ":
        note.title = content.title.trim();
        note.version += 1;
        this.#push(key, "noteupdated", { note });
        return Response.json(note);
      case "POST /edits": {
        if (content.document !== document) return problem(404, "no-such-note");
        const refused = this.#store(client, key, content.update);
        if (refused) return refusalOverHttp(refused.error.code);
        this.#pushEdit(undefined, key, content.update, { from: { socket: "http", username: client.username } });
        return new Response(null, { status: 204 });
      }
      default:
        throw new Error(`not expected: ${request}`);
    }
  }

  /** Stores an edit, unless it is refused. */
  #store(client: Client, key: string, base64: string): Refusal | undefined {
    const stored = this.notes.get(key);
    if (stored === undefined) return refusal("no-such-note");
    if (client.role === "reader") return refusal("read-only");
    if (this.refusal !== undefined) return refusal(this.refusal);
    const update = fromBase64(base64);
    try {
      const { structs } = decodeUpdate(update);
      if (!structs.every(({ id }) => client.owns(id.client))) return refusal("malformed-update");
      const inserted = structs.filter((struct) => "content" in struct && struct.content instanceof ContentString);
      const length = inserted.reduce((sum, struct) => sum + struct.length, stored.doc.getText("text").length);
      if (length > this.longest) return refusal("too-large");
      applyUpdate(stored.doc, update);
    } catch {
      return refusal("malformed-update");
    }
    stored.note.version += 1;
    stored.note.editor = client.username;
    return undefined;
  }

  #pushEdit(sender: ClientSocket | undefined, key: string, update: string, rest: object): object {
    const { document } = this.notes.get(key)!;
    this.unmerged.push({ key, document, update });
    this.#push(key, "edit", { document, update, ...rest }, sender);
    return {};
  }

  #showPresence(key: string): void {
    const names = new Set([...this.#roomOf(key)].map(({ client }) => client.username));
    const people = [...names].map((username) => ({ username, displayName: username }));
    this.#push(key, "presence", { key, revision: Date.now(), people, more: 0 });
  }

  #roomOf(key: string): Set<ClientSocket> {
    const room = this.rooms.get(key) ?? new Set();
    this.rooms.set(key, room);
    return room;
  }

  #push(key: string, event: string, payload: object, except?: ClientSocket): void {
    for (const socket of this.#roomOf(key)) {
      const isLost = event === "edit" && this.losesEvent(socket);
      if (socket !== except && !isLost) this.#emit(socket, event, { key, ...payload });
    }
  }

  #emit(socket: ClientSocket, event: string, payload: object): void {
    this.deliver(() => socket.receive(event, { board: socket.client.board, ...payload }));
  }
}

function refusal(code: string): Refusal {
  return { error: { code, message: `refused: ${code}` } };
}

/** Returns the refusal of an edit. Over HTTP, the update is a field like any other. */
function refusalOverHttp(code: string): Response {
  if (code === "malformed-update") return problem(422, "wrong-values", { errors: { update: "must be an update" } });
  if (code === "too-large") return problem(413, code, { errors: { update: "makes the text too long" } });
  return problem(STATUS[code]!, code);
}

function problem(status: number, code: string, rest: object = {}): Response {
  const body = { type: `https://notes.example/problems/${code}`, detail: `refused: ${code}`, ...rest };
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });
}
