import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { Changes } from "./changes.tsx";

const shown = (text: string, newText: string, newTitle?: string) =>
  render(<Changes title="Plan" text={text} newTitle={newTitle} newText={newText} />);

const heard = (html: string) =>
  html
    .replaceAll(/<span class="sign" aria-hidden="true">[^<]*<\/span>/g, "")
    .replaceAll(/<[^>]+>/g, "|")
    .split("|")
    .filter((text) => text !== "");

test("a screen reader says what is added and removed", () => {
  expect(heard(shown("Milk", "Milk\nBread"))).toEqual([
    "Restoring adds 1 line and removes 0 lines.",
    "Text",
    "Milk",
    "Added: ",
    "Bread",
  ]);
  expect(heard(shown("Milk", "Milk", "Old plan"))).toEqual([
    "The text is the same as now.",
    "Title",
    "Removed: ",
    "Plan",
    "Added: ",
    "Old plan",
  ]);
});

test("what differs within a line is marked in it", () => {
  expect(shown("Bring the milk today.", "Bring the bread today.")).toContain("Bring the <ins>bread</ins> today.");
});

test("text is never HTML", () => {
  expect(shown("", "<script>")).toContain("<ins>&lt;script></ins>");
});

test("of a very long text, the page shows the beginning", () => {
  const text = Array.from({ length: 3_000 }, (_, index) => `Line ${index}.`).join("\n");
  const html = shown("", text);
  expect(html).toContain("Line 1999.");
  expect(html).not.toContain("Line 2000.");
  expect(html).toContain("and 1,000 more lines");
});
