// Detects a newer version of the page: after a deployment, or a change under `cargo run -- --watch`.

import { signal } from "@preact/signals";
import { isTransferring } from "./archive/running.ts";
import { isWriting as isEditing } from "./documents/unsaved.ts";

/** Whether a newer page exists that was not loaded, because the user is writing or importing here. */
export const newer = signal(false);

/** Returns whether the server's page has other files. Their names change with their content. */
export function isNewer(page: string, files: string[]): boolean {
  return !files.every((file) => page.includes(`"${file}"`));
}

/** Loads a newer page if there is one, or sets `newer` if that would discard unsaved text. */
export async function lookForNewer(): Promise<void> {
  const page = await fetch("/")
    .then((response) => (response.ok ? response.text() : undefined))
    // The next check follows when the connection is restored.
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
    "input:not([type=search], [readonly], [data-saves-itself]), textarea",
  );
  return isEditing() || isTransferring() || [...fields].some((field) => field.value !== field.defaultValue);
}
