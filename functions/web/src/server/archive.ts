// The archive: all notes of a board with their comments, out in pages of lines, and such lines back in.

import { authenticated, boardPath } from "./api.ts";
import { Problem } from "./problem.ts";

export interface ExportPage {
  lines: string;
  /** Where the next page begins, if there is one. */
  next: string | undefined;
}

/** What came of a line: it is there now, it was there already, or it is refused. */
export interface Imported {
  key?: string;
  outcome: "created" | "skipped" | "refused";
  why?: string;
}

/** A page of the export. */
export async function exportPage(board: string, cursor: string | undefined, signal: AbortSignal): Promise<ExportPage> {
  const query = cursor === undefined ? "" : `?${new URLSearchParams({ cursor })}`;
  const response = await authenticated("GET", `${boardPath(board)}/export${query}`, { signal });
  return { lines: await content(response, signal), next: nextCursor(response.headers.get("link")) };
}

/** Puts lines back. Says what came of each, or of as many from the first as there was time for: at least of one. */
export async function importLines(board: string, lines: Blob, signal: AbortSignal): Promise<Imported[]> {
  const response = await authenticated("POST", `${boardPath(board)}/import`, { lines, signal });
  const answer = await content(response, signal);
  const outcomes = answer.split("\n").filter((line) => line !== "");
  if (outcomes.length === 0) throw Problem.unreachable();
  return outcomes.map((line) => JSON.parse(line) as Imported);
}

/** An answer may break off in its middle. */
async function content(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw signal.aborted ? error : Problem.unreachable();
  }
}

/** Where the next page begins, as the header `Link` says it (RFC 8288). */
export function nextCursor(link: string | null): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  return target === undefined ? undefined : (new URL(target, "http://here").searchParams.get("cursor") ?? undefined);
}

/** How many of an export's lines are notes: the others are comments. */
export function notesIn(lines: string): number {
  return lines.match(/^\{"note":/gm)?.length ?? 0;
}
