// The running export and import of the user, without what they need to run, which is loaded later.

import { signal } from "@preact/signals";
import type { Export } from "./export.ts";
import type { Import } from "./import.ts";

/** A transfer, and the board that it reads or writes. */
export interface OnBoard<Transfer> {
  board: string;
  transfer: Transfer;
}

export const exporting = signal<OnBoard<Export> | undefined>(undefined);
export const importing = signal<OnBoard<Import> | undefined>(undefined);

/** Returns whether a transfer is running, which would end with the page. */
export function isTransferring(): boolean {
  return [exporting, importing].some((now) => now.peek()?.transfer.state.peek().state === "running");
}
