import { expect, test } from "vitest";
import { colorOf } from "./colors.ts";

/** The background and the text of pages in light and dark themes, as in `style.css`. */
const PAGES = ["#faf9f6", "#16191a"] as const;

/** Returns the relative luminance of a color, as WCAG defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test("every color has enough contrast for text in light and in dark themes", () => {
  const colors = new Set(Array.from({ length: 200 }, (_, number) => colorOf(`user-${number}`).color));
  expect(colors.size).toBeGreaterThan(8);
  for (const color of colors) {
    const themes = color.match(/#[0-9a-f]{6}/g) ?? [];
    expect(themes).toHaveLength(2);
    themes.forEach((hue, theme) => void expect(contrast(hue, PAGES[theme]!)).toBeGreaterThanOrEqual(4.5));
  }
});

test("a user has the same color everywhere", () => {
  expect(colorOf("ada")).toEqual(colorOf("ada"));
  expect(colorOf("ada")).not.toEqual(colorOf("grace"));
});
