// Why a request failed, as the server tells it (RFC 9457), or that it could not be reached.

import type { Note } from "./note.ts";

export class Problem extends Error {
  /** The HTTP status; 0 if there was no answer, or if it came over the live connection. */
  readonly status: number;
  /** What is wrong with each field, by its name, as it goes on after it: "must be ...". */
  readonly errors: Readonly<Record<string, string>>;
  /** The note as it stands, where that is the reason. */
  readonly note: Note | undefined;

  constructor(status: number, message: string, errors: Record<string, string> = {}, note?: Note) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.note = note;
  }

  static unreachable(): Problem {
    return new Problem(0, "Notes cannot be reached. Check your connection and try again.");
  }

  /** Some fields are wrong, and nothing else. */
  static ofFields(errors: Record<string, string>, status = 0): Problem {
    return new Problem(status, "See what is marked below.", errors);
  }

  static async of(response: Response): Promise<Problem> {
    const unexplained = new Problem(response.status, `Something went wrong (${response.status}). Try again in a moment.`);
    if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return unexplained;
    try {
      const { title, detail, errors, note } = (await response.json()) as {
        title?: string;
        detail?: string;
        errors?: Record<string, string>;
        note?: Note;
      };
      if (errors !== undefined) return Problem.ofFields(errors, response.status);
      return new Problem(response.status, detail ?? title ?? unexplained.message, {}, note);
    } catch {
      return unexplained;
    }
  }
}
