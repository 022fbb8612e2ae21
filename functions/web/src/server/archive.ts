// The archive: exports all notes of a board with their comments as pages of lines, and imports such lines.

import { authenticated, boardPath } from "./api.ts";
import { Problem } from "./problem.ts";

export interface ExportPage {
  lines: string;
  /** The cursor of the next page, if there is one. */
  next: string | undefined;
}

/** The outcome of a line: created, skipped because it exists, or refused. */
export interface Imported {
  key?: string;
  outcome: "created" | "skipped" | "refused";
  why?: string;
}

/** Reads a page of the export. */
export async function exportPage(board: string, cursor: string | undefined, signal: AbortSignal): Promise<ExportPage> {
  const query = cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
  const response = await authenticated("GET", `${boardPath(board)}/export${query}`, { signal });
  return { lines: await content(response, signal), next: nextCursor(response.headers.get("link")) };
}

/** Imports lines. Returns the outcomes of the lines that the server had time for, from the first one on: at least one. */
export async function importLines(board: string, lines: Blob, signal: AbortSignal): Promise<Imported[]> {
  const response = await authenticated("POST", `${boardPath(board)}/import`, { lines, signal });
  const body = await content(response, signal);
  const outcomes = body.split("\n").filter((line) => line !== "");
  if (outcomes.length === 0) throw Problem.unreachable();
  return outcomes.map((line) => JSON.parse(line) as Imported);
}

/** Reads the body of a response. A body that ends too early counts as unreachable. */
async function content(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw signal.aborted ? error : Problem.unreachable();
  }
}

/** Returns the cursor of the next page from the header `Link` (RFC 8288). */
export function nextCursor(link: string | null): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  return target === undefined ? undefined : (new URL(target, "http://here").searchParams.get("cursor") ?? undefined);
}

/** Returns the number of notes in lines of an export. The other lines are comments. */
export function notesIn(lines: string): number {
  return lines.match(/^\{"note":/gm)?.length ?? 0;
}
