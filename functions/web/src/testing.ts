// The browser and the server of the stores' tests: a database in memory, locks, and a server with one note.

import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import type { Draft, Note } from "./note.ts";
import { TEST_TIMEOUT_MS } from "./test-time.ts";

/** Waits until an assertion holds. */
export function eventually<T>(holds: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(holds, { timeout: TEST_TIMEOUT_MS });
}

/** Installs an empty database and locks. Call it before a store is imported. */
export function browser(): { unlock(name: RegExp): void } {
  vi.stubGlobal("indexedDB", new IDBFactory());
  const held = new Map<string, () => void>();
  const locks = {
    request: (name: string, use: () => Promise<void>) => {
      held.set(name, () => {});
      return use().finally(() => held.delete(name));
    },
    query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  };
  vi.stubGlobal("navigator", { locks });
  return {
    /** Releases locks, as when their page is closed. */
    unlock(name) {
      for (const one of held.keys()) if (name.test(one)) held.delete(one);
    },
  };
}

/** A server that has one note, and responds to `PUT` as the HTTP function does. */
export class Server {
  note: Note | undefined;
  /** Whether it can be reached. */
  up = true;
  /** Whether its responses arrive. It handles requests in both cases. */
  answers = true;
  /** Normalizes a draft before it is saved. */
  tidy = (draft: Draft): Draft => draft;
  puts = 0;
  /** The paths of the `PUT` requests. */
  readonly paths: string[] = [];
  /** The refusal of every request, if it is set. */
  refusal: { status: number; code: string } | undefined;

  start(): this {
    vi.stubGlobal("fetch", async (path: string, { method, headers, body }: RequestInit) => {
      if (!this.up) throw new TypeError("no network");
      if (method !== "PUT") throw new Error(`not expected: ${method}`);
      this.paths.push(path);
      const answer = this.#put(JSON.parse(String(body)), new Headers(headers));
      if (!this.answers) throw new TypeError("no network");
      return answer;
    });
    return this;
  }

  write(draft: Partial<Draft>, editor = "grace"): Note {
    const { key = "plan", title = "Plan", body = "", version = 0 } = this.note ?? {};
    const moment = "2026-01-01T00:00:00.000Z";
    this.note = {
      key,
      title,
      body,
      ...draft,
      version: version + 1,
      author: "ada",
      editor,
      created: moment,
      updated: moment,
    };
    return this.note;
  }

  #put(draft: Draft, headers: Headers): Response {
    this.puts += 1;
    if (this.refusal !== undefined) {
      return this.#problem(this.refusal.status, { type: `https://notes.example/problems/${this.refusal.code}` });
    }
    if (draft.title.length > 200) return this.#problem(422, { errors: { title: "must be 1 to 200 characters" } });
    const version = headers.get("if-match");
    if (version !== null && this.note === undefined) return this.#problem(404, {});
    const stale = version === null ? this.note !== undefined : version !== `"${this.note?.version}"`;
    if (stale) return this.#problem(412, { note: this.note });
    return Response.json(this.write(this.tidy(draft), "ada"));
  }

  #problem(status: number, problem: object): Response {
    return new Response(JSON.stringify(problem), { status, headers: { "content-type": "application/problem+json" } });
  }
}
