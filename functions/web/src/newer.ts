// A newer page than this one is there: after a deployment, or a change under `cargo run -- --watch`.

import { signal } from "@preact/signals";
import { isTransferring } from "./archive/archive.ts";
import { isWriting as isDrafting } from "./writing/desk.ts";

/** Whether there is one that was not gone to, because something is being written or imported here. */
export const newer = signal(false);

/** Whether the page that the server has is made of other files. Their names change with their content. */
export function isNewer(page: string, files: string[]): boolean {
  return !files.every((file) => page.includes(`"${file}"`));
}

/** Looks for one, and goes to it, or says so where that would take away what is being written. */
export async function lookForNewer(): Promise<void> {
  const page = await fetch("/")
    .then((answer) => (answer.ok ? answer.text() : undefined))
    // It is looked for again when the connection is back again.
    .catch(() => undefined);
  if (page === undefined || !isNewer(page, files())) return;
  if (isWriting()) newer.value = true;
  else location.reload();
}

function files(): string[] {
  const made = document.head.querySelectorAll("script[src], link[rel=stylesheet]");
  return [...made].map((element) => element.getAttribute("src") ?? element.getAttribute("href") ?? "");
}

function isWriting(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "input:not([type=search], [readonly]), textarea",
  );
  return isDrafting() || isTransferring() || [...fields].some((field) => field.value !== field.defaultValue);
}
