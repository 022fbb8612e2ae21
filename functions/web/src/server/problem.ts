// The reason of a failed request: the server's problem document (RFC 9457), or an unreachable server.

import type { Note } from "../note.ts";
import { problemMessages } from "../problem-messages.ts";

/** A Problem as a message from a worker to a page. */
export interface PlainProblem {
  status: number;
  message: string;
  errors: Readonly<Record<string, string>>;
  note: Note | undefined;
  unreached: boolean;
  code: string;
}

export class Problem extends Error {
  /** The HTTP status. 0 if there was no response, or if it came over the live connection. */
  readonly status: number;
  /** The error of each field by name, worded to follow the name: "must be ...". */
  readonly errors: Readonly<Record<string, string>>;
  /** The current note, if that is the reason. */
  readonly note: Note | undefined;
  /** Whether the server was not reached. A later attempt may succeed. */
  readonly unreached: boolean = false;
  /** The kind of the problem: the end of its `type`, such as `no-such-board`. Empty if it is not known. */
  readonly code: string;
  /** The number of seconds to wait before the next attempt, if the server says so. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    message: string,
    errors: Record<string, string> = {},
    note?: Note,
    unreached = false,
    code = "",
    retryAfter?: number,
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.note = note;
    this.unreached = unreached;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static unreachable(): Problem {
    return new Problem(0, problemMessages.unreachable, {}, undefined, true);
  }

  /** Creates the Problem of an action that needs a live connection. */
  static notLive(): Problem {
    return new Problem(0, problemMessages.notLive, {}, undefined, true);
  }

  /** Creates the Problem of invalid fields. */
  static ofFields(errors: Record<string, string>, status = 0): Problem {
    return new Problem(status, problemMessages.fields, errors);
  }

  static async of(response: Response): Promise<Problem> {
    const unexplained = new Problem(response.status, problemMessages.unexplained(response.status));
    if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return unexplained;
    try {
      const { type, title, detail, errors, note } = (await response.json()) as {
        type?: string;
        title?: string;
        detail?: string;
        errors?: Record<string, string>;
        note?: Note;
      };
      if (errors !== undefined) return Problem.ofFields(errors, response.status);
      const code = type?.split("/").at(-1) ?? "";
      const retryAfter = Number(response.headers.get("retry-after")) || undefined;
      const message = detail ?? title ?? unexplained.message;
      return new Problem(response.status, message, {}, note, false, code, retryAfter);
    } catch {
      return unexplained;
    }
  }

  /** Returns the Problem that was thrown. Any other error is a mistake in the page, and is logged. */
  static from(error: Error): Problem {
    if (error instanceof Problem) return error;
    console.error(error);
    return new Problem(0, error.message);
  }

  /** Whether a later attempt may succeed without a change. */
  get passing(): boolean {
    return this.unreached || this.status === 429 || this.status >= 500 || this.code === "quota-reached";
  }

  /** Whether the user must sign in again. */
  get unauthenticated(): boolean {
    return this.status === 401 || this.code === "unauthenticated";
  }

  plain(): PlainProblem {
    const { status, message, errors, note, unreached, code } = this;
    return { status, message, errors, note, unreached, code };
  }

  static fromPlain({ status, message, errors, note, unreached, code }: PlainProblem): Problem {
    return new Problem(status, message, errors, note, unreached, code);
  }
}
