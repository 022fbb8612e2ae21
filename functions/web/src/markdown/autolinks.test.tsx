import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { layOut } from "./markdown.tsx";
import { found, shown } from "./tree.ts";

/** Returns the HTML of a text, with `‹...›` for a link whose text is its address. */
function html(text: string): string {
  const inner = render(<>{layOut(text)}</>).replace(/^<div class="markdown"><p dir="auto">(.*)<\/p><\/div>$/s, "$1");
  return inner.replaceAll(/<a [^>]*>([^<]*)<\/a>/g, "‹$1›");
}

test.each([
  ["~~see https://example.org~~", "<s>see ‹https://example.org›</s>"],
  ["_see https://example.org_", "<em>see ‹https://example.org›</em>"],
  ["__see https://example.org__", "<strong>see ‹https://example.org›</strong>"],
  ["*see https://example.org*", "<em>see ‹https://example.org›</em>"],
  ["**see https://example.org**", "<strong>see ‹https://example.org›</strong>"],
  ["~~**https://example.org/a**~~", "<s><strong>‹https://example.org/a›</strong></s>"],
  ["**_https://example.org/a/_**", "<strong><em>‹https://example.org/a/›</em></strong>"],
  ["~~http://localhost:3000~~", "<s>‹http://localhost:3000›</s>"],
  ["~~https://example.org/a?b=c#d~~", "<s>‹https://example.org/a?b=c#d›</s>"],
  ["_https://example.org/a_b_", "<em>‹https://example.org/a_b›</em>"],
  ["~~https://example.org/~ada/~~", "<s>‹https://example.org/~ada/›</s>"],
  [
    "~~https://example.org/a~~ and ~~https://example.org/b~~",
    "<s>‹https://example.org/a›</s> and <s>‹https://example.org/b›</s>",
  ],
  [
    "_https://example.org_, and *https://example.org/a*.",
    "<em>‹https://example.org›</em>, and <em>‹https://example.org/a›</em>.",
  ],
  ["~~see https://example.org.~~", "<s>see ‹https://example.org›.</s>"],
  ["_(https://example.org/a)_", "<em>(‹https://example.org/a›)</em>"],
  ["**見 https://example.org/a**。", "<strong>見 ‹https://example.org/a›</strong>。"],
  ["~~ada@example.org~~", "<s>‹ada@example.org›</s>"],
  ["_write to ada@example.org_", "<em>write to ‹ada@example.org›</em>"],
])("an emphasis ends after an address: %s", (text, expected) => expect(html(text)).toBe(expected));

test.each([
  ["(https://example.org)", "(‹https://example.org›)"],
  ["(see https://example.org/a.)", "(see ‹https://example.org/a›.)"],
  ["https://example.org/a_(b)", "‹https://example.org/a_(b)›"],
  ["(https://example.org/a_(b))", "(‹https://example.org/a_(b)›)"],
  [
    "https://example.org/a, https://example.org/b; https://example.org/c!",
    "‹https://example.org/a›, ‹https://example.org/b›; ‹https://example.org/c›!",
  ],
  ["“https://example.org/a”", "“‹https://example.org/a›”"],
  ["'https://example.org/a'", "'‹https://example.org/a›'"],
  ["https://example.org/a。次", "‹https://example.org/a›。次"],
  ["ada@example.org, or grace@example.org.", "‹ada@example.org›, or ‹grace@example.org›."],
])("the end of a sentence or a bracket is not part of an address: %s", (text, expected) =>
  expect(html(text)).toBe(expected),
);

test.each([
  "https://example.org/_a_/*b*/~~c~~/d",
  "https://example.org/a?b=*c*&d=_e_f",
  "https://example.org/@ada",
  "https://example.org/#a:~:text=b",
  "https://münchen.example/straße",
  "http://[::1]:3000/a",
  "a_b+c@mail.example.org",
  "mailto:ada@example.org",
])("an address is a link as a whole: %s", (text) => expect(html(text)).toBe(`‹${text.replaceAll("&", "&amp;")}›`));

test.each([
  "https://",
  "https://_",
  "xhttps://example.org",
  "ftp://example.org",
  "https://ada@example",
  "https://ada:secret@example",
  "ada@localhost",
  "@example.org",
])("text that is not an address stays text: %s", (text) => {
  expect(found(text).map(({ name }) => name)).toEqual(["p"]);
  expect(shown(text)).toBe(text);
});

test("an address in the text of a link or in code is not another link", () => {
  const links = (text: string) =>
    found(text)
      .filter(({ name }) => name === "a")
      .map(({ attributes }) => attributes["href"]);
  expect(links("[https://example.org/a_](https://example.com/)")).toEqual(["https://example.com/"]);
  expect(links("[ada@example.org](https://example.com/)")).toEqual(["https://example.com/"]);
  expect(links("<https://example.org/a_>")).toEqual(["https://example.org/a_"]);
  expect(links("`https://example.org/~~`")).toEqual([]);
});
