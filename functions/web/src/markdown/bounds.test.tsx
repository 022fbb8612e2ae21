import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { leastProcessorTime, processorTime } from "../test-time.ts";
import { layOut } from "./markdown.tsx";
import { LONGEST } from "./parse.ts";

const html = (text: string) => render(<>{layOut(text)}</>);
const asWritten = (text: string) => html(text).includes('<p class="written"');

/**
 * Maximum time of a hostile text, as a multiple of the time of an ordinary note of maximum length. The slowest of these take
 * five times as long. A text whose time grew with the square of its length would take thousands of times as long.
 */
const MOST = 50;
const ORDINARY = "Some words, *some* of them [linked](https://example.org).\n\n- one\n- two\n\n";
const budget = MOST * leastProcessorTime(() => html(ORDINARY.repeat(LONGEST / ORDINARY.length)));
const isShown = (text: string) => expect(html(text)).toContain('<div class="markdown">');

const units = [
  ..."* _ [ ![ ` ``` > - ~ ~~ & < \\ ( ] # | : / a@ www. http:// <http:// [a](b [a](<b [](( ![[]() *a_ a**b [a][ &amp; [\\".split(
    " ",
  ),
  ..."> - |> |1. |- |**a *b |*a |- a\n|a\n=\n|> a\n|>\n|a  \n|- [ ] a\n|    a\n|[a]: b\n|\n|\t| |\0".split("|"),
  "|a|b|\n",
  "| - \n",
];

describe.each([LONGEST, 300_000])("%i characters", (length) => {
  test.each(units)("of %j are shown in bounded time", (unit) => {
    const text = unit.repeat(length / unit.length + 1).slice(0, length);
    expect(processorTime(() => isShown(text))).toBeLessThan(budget);
  });
});

const matched: [string, (times: number) => string][] = [
  ["brackets", (times) => "[".repeat(times) + "]".repeat(times)],
  ["links", (times) => "[".repeat(times) + "](https://example.org)".repeat(times)],
  ["pictures", (times) => "![".repeat(times) + "](https://example.org)".repeat(times)],
  ["emphasis", (times) => "*a ".repeat(times) + " b*".repeat(times)],
  ["emphasis of both kinds", (times) => "**a _b ".repeat(times) + " b_ a**".repeat(times)],
  ["lists", (times) => Array.from({ length: Math.sqrt(times) }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n")],
  ["runs of backticks", (times) => Array.from({ length: Math.sqrt(times) }, (_, run) => "`".repeat(run)).join(" ")],
  ["a wide table", (times) => `${"|a".repeat(times)}\n${"|-".repeat(times)}\n${"|\n".repeat(times)}`],
  [
    "one address, often referred to",
    (times) => `[a]: https://example.org/${"b".repeat(times)}\n\n${"[a]".repeat(times)}`,
  ],
];

test.each(matched)("%s, opened and closed, are shown in bounded time", (_, text) => {
  for (const times of [300, 3_000, 20_000]) {
    expect(processorTime(() => isShown(text(times)))).toBeLessThan(budget);
  }
});

test.each([
  ["longer than 100,000 characters", "a ".repeat(50_001)],
  ["nested deeper than 50 quotes", `${"> ".repeat(51)}a`],
  ["nested deeper than the parser reads", `${">".repeat(5_000)}a`],
  ["nested deeper than 25 lists, of two levels each", `${"- ".repeat(26)}a`],
  ["of more than 10,000 elements", "- a\n".repeat(10_000)],
])("a text %s is shown completely and as it was written", (_, text) => {
  expect(asWritten(text)).toBe(true);
  expect(html(text).replaceAll("&gt;", ">")).toContain(text);
});

test("a text just within the bounds is laid out", () => {
  for (const text of [`${"> ".repeat(48)}a`, "a ".repeat(50_000), "- a\n".repeat(9_900)]) {
    expect(asWritten(text)).toBe(false);
  }
});

test("an ordinary long note is laid out", () => {
  expect(asWritten(ORDINARY.repeat(900))).toBe(false);
});
