// Begins exports and imports of the user. They continue in the background until the session ends.

import { effect } from "@preact/signals";
import { exportPage, importLines } from "../server/archive.ts";
import { session } from "../session.ts";
import { Export } from "./export.ts";
import { Import } from "./import.ts";
import { wait } from "./retry.ts";
import { exporting, importing } from "./running.ts";

/** Exports a board. Cancels the export of another one. */
export function beginExport(board: string): void {
  exporting.peek()?.transfer.cancel();
  const transfer = new Export((cursor, signal) => exportPage(board, cursor, signal), wait);
  exporting.value = { board, transfer };
  void transfer.run();
}

/** Imports a file to a board. Cancels the import to another one. */
export function beginImport(board: string, file: File): void {
  importing.peek()?.transfer.cancel();
  const transfer = new Import(file, (lines, signal) => importLines(board, lines, signal), wait);
  importing.value = { board, transfer };
  void transfer.begin();
}

// A transfer ends with its session.
effect(() => {
  if (session.value.state === "in") return;
  for (const now of [exporting, importing]) {
    now.peek()?.transfer.cancel();
    now.value = undefined;
  }
});
