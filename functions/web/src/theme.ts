// Light or dark: as the system has it, unless somebody chose.

import { signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

const PLACE = "notes-theme";

export const theme = signal<Theme>("system");

export function choose(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(PLACE, chosen);
  } catch {
    // Where nothing is kept, the choice holds until the page is closed.
  }
}

/** Shows the page in the theme that was chosen last, and from then on in any that is. */
export function followTheme(): void {
  try {
    const kept = localStorage.getItem(PLACE);
    theme.value = THEMES.find((one) => one === kept) ?? "system";
  } catch {
    // Nothing is kept: the system's.
  }
  // The style sheet knows the rest.
  theme.subscribe((now) => (document.documentElement.dataset["theme"] = now));
}
