// The theme: the system's, unless the user chose light or dark.

import { signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = "notes-theme";

export const theme = signal<Theme>("system");

export function choose(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(STORAGE_KEY, chosen);
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}

/** Applies the stored theme, and every later choice. */
export function followTheme(): void {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    theme.value = THEMES.find((one) => one === stored) ?? "system";
  } catch {
    // Without storage, the system's theme applies.
  }
  // The style sheet does the rest.
  theme.subscribe((now) => (document.documentElement.dataset["theme"] = now));
}
