// Single-key shortcuts, which work outside text fields.

import { signal } from "@preact/signals";
import { accessTo, boardDialog, mayWrite } from "./boards/boards.ts";
import { newNote } from "./documents/new-note.ts";
import { singleKey } from "./keyboard.ts";
import { query, rows } from "./list/rows.ts";
import { openBoard } from "./live/channel.ts";
import { go, goToNew, type Route, route } from "./route.ts";

/** The keys, in the order of the shortcuts dialog. */
export const KEYS = ["?", "n", "/", "j", "k", "e", "#", "g", "b"] as const;

export type Key = (typeof KEYS)[number];

/** Goes to the text of the open note, if it has an editor. */
export const goToText = signal<(() => void) | undefined>(undefined);

/** Whether the shortcuts dialog is open. */
export const dialogOpen = signal(false);

const STORAGE_KEY = "notes-single-keys";

/** Whether single-key shortcuts are on. Users of dictation or of a screen reader can switch them off. */
export const singleKeys = signal(true);

export function switchSingleKeys(on: boolean): void {
  singleKeys.value = on;
  try {
    localStorage.setItem(STORAGE_KEY, String(on));
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}

/** Handles shortcuts while the user is signed in. */
export function listenForShortcuts(isSignedIn: () => boolean): void {
  try {
    singleKeys.value = localStorage.getItem(STORAGE_KEY) !== "false";
  } catch {
    // Without storage, they are on.
  }
  addEventListener("keydown", (event) => {
    if (!singleKeys.value || !isSignedIn()) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
    const pressed = singleKey(event);
    const key = KEYS.find((key) => key === pressed);
    if (key === undefined) return;
    event.preventDefault();
    act(key);
  });
}

/** Returns whether an element is one to type in. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}

function act(key: Key): void {
  const board = openBoard.peek();
  if (board === undefined) return;
  const writes = mayWrite(accessTo(board));
  switch (key) {
    case "?":
      dialogOpen.value = true;
      return;
    case "b":
      boardDialog.value = "switch";
      return;
    case "n":
      if (writes) goToNew(newNote(board));
      return;
    case "/":
      return document.querySelector<HTMLInputElement>("[type=search]")?.focus();
    case "j":
      return step(board, 1);
    case "k":
      return step(board, -1);
    case "e":
      return goToText.peek()?.();
    case "#":
      return document.querySelector<HTMLButtonElement>("[data-key='#']")?.click();
    case "g":
      query.value = "";
      return go({ view: "list", board });
  }
}

/** Opens the next or previous note of the list. */
function step(board: string, by: 1 | -1): void {
  const all = rows.peek();
  const at = all.findIndex(({ key }) => key === openKey(route.value));
  const next = at < 0 ? all[0] : all[at + by];
  if (next !== undefined) go({ view: "read", board, key: next.key });
}

function openKey(route: Route): string | undefined {
  return "key" in route ? route.key : undefined;
}
