// What single keys do, where no text is being typed.

import { signal } from "@preact/signals";
import { singleKey } from "./keyboard.ts";
import { query, rows } from "./list/rows.ts";
import { go, type Route, route } from "./route.ts";

/** The keys, in the order in which they are explained. */
export const KEYS = ["?", "n", "/", "j", "k", "e", "#", "g"] as const;

export type Key = (typeof KEYS)[number];

/** Whether the sheet that explains the keys is open. */
export const sheetOpen = signal(false);

const PLACE = "notes-single-keys";

/** Whether single keys do anything: who dictates, or uses a screen reader's own keys, can switch them off. */
export const singleKeys = signal(true);

export function switchSingleKeys(on: boolean): void {
  singleKeys.value = on;
  try {
    localStorage.setItem(PLACE, String(on));
  } catch {
    // Where nothing is kept, the choice holds until the page is closed.
  }
}

/** Hears the keys while somebody is signed in. */
export function hearKeys(isIn: () => boolean): void {
  try {
    singleKeys.value = localStorage.getItem(PLACE) !== "false";
  } catch {
    // Nothing is kept: they are on.
  }
  addEventListener("keydown", (event) => {
    if (!singleKeys.value || !isIn()) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
    const pressed = singleKey(event);
    const key = KEYS.find((key) => key === pressed);
    if (key === undefined) return;
    event.preventDefault();
    act(key);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}

function act(key: Key): void {
  switch (key) {
    case "?":
      sheetOpen.value = true;
      return;
    case "n":
      return go({ view: "new" });
    case "/":
      return document.querySelector<HTMLInputElement>("[type=search]")?.focus();
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "e":
      if (route.value.view === "read") go({ view: "edit", key: route.value.key });
      return;
    case "#":
      return document.querySelector<HTMLButtonElement>("[data-key='#']")?.click();
    case "g":
      query.value = "";
      return go({ view: "home" });
  }
}

/** Opens the note after the one that is open, or before it. */
function step(by: 1 | -1): void {
  const all = rows.peek();
  const at = all.findIndex(({ key }) => key === openKey(route.value));
  const next = at < 0 ? all[0] : all[at + by];
  if (next !== undefined) go({ view: "read", key: next.key });
}

function openKey(route: Route): string | undefined {
  return "key" in route ? route.key : undefined;
}
