// The running export and import of the user. They continue in the background until the session ends.

import { effect, signal } from "@preact/signals";
import { exportPage, importLines } from "../server/archive.ts";
import { session } from "../session.ts";
import { Export } from "./export.ts";
import { Import } from "./import.ts";
import { wait } from "./retry.ts";

export const exporting = signal<Export | undefined>(undefined);
export const importing = signal<Import | undefined>(undefined);

export function beginExport(): void {
  exporting.value = new Export(exportPage, wait);
  void exporting.value.run();
}

export function beginImport(file: File): void {
  importing.value = new Import(file, importLines, wait);
  void importing.value.begin();
}

/** Returns whether a transfer is running, which would end with the page. */
export function isTransferring(): boolean {
  return [exporting, importing].some((transfer) => transfer.peek()?.state.peek().state === "running");
}

// A transfer ends with its session.
effect(() => {
  if (session.value.state === "in") return;
  for (const transfer of [exporting, importing]) {
    transfer.peek()?.cancel();
    transfer.value = undefined;
  }
});
