import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { layOut } from "./markdown.tsx";
import { found } from "./tree.ts";

const html = (text: string) => render(<>{layOut(text)}</>).replace(/^<div class="markdown">(.*)<\/div>$/s, "$1");

test("plain text keeps its lines", () => {
  expect(html("one\ntwo\n\nthree")).toBe('<p dir="auto">one<br/>two</p><p dir="auto">three</p>');
});

test("an empty text shows nothing", () => {
  expect(html("")).toBe("");
});

test("no heading level is skipped, with any first level", () => {
  const levels = (text: string) =>
    html(text)
      .match(/(?<=<h)\d/g)
      ?.join("");
  expect(levels("## a\n## b\n### c")).toBe("223");
  expect(levels("#### a\n## b\n#### c")).toBe("223");
  expect(levels("# a\n#### b\n## c")).toBe("233");
  expect(levels("> ### a")).toBe("2");
});

test("headings are below the note's title", () => {
  expect(html("# a\n## b\n### c\n#### d\n##### e\n###### f").match(/<h\d/g)).toEqual([
    "<h2",
    "<h3",
    "<h4",
    "<h5",
    "<h6",
    "<h6",
  ]);
});

test("headings have addresses in their note, and links lead to them", () => {
  const text = "# What's *new*?\n## Übersicht\n## Übersicht\n\n[a](#whats-new) [b](#übersicht-1)";
  const all = found(text, { note: { board: "kitchen", key: "plan" } });
  const anchorOf = ({ attributes }: { attributes: Record<string, unknown> }) => attributes["data-anchor"];
  expect(all.map(anchorOf).filter(Boolean)).toEqual(["whats-new", "übersicht", "übersicht-1"]);
  const links = all.filter(({ name }) => name === "a").map(({ attributes }) => attributes["href"]);
  const at = (anchor: string) => `#/boards/kitchen/notes/plan/at/${anchor}`;
  const [first, second, third] = [at("whats-new"), at("%C3%BCbersicht"), at("%C3%BCbersicht-1")];
  expect(links).toEqual([first, second, third, first, third]);
});

test("emphasis, deletion and code are shown as such", () => {
  expect(html("*a* **b** ~~c~~ `<d>`")).toBe(
    '<p dir="auto"><em>a</em> <strong>b</strong> <s>c</s> <code>&lt;d></code></p>',
  );
});

test("a code block can be scrolled with the keyboard", () => {
  expect(html("```js\na < b\n```")).toBe('<pre dir="auto" tabindex="0"><code>a &lt; b\n</code></pre>');
  expect(html("    a")).toBe('<pre dir="auto" tabindex="0"><code>a\n</code></pre>');
});

test("a link to another page opens in a new tab without a referrer", () => {
  expect(html("[a](https://example.org)")).toBe(
    '<p dir="auto"><a href="https://example.org/" target="_blank" rel="noopener noreferrer">a</a></p>',
  );
});

test("a link to another note stays in this page", () => {
  expect(html("[a](#/notes/b)")).toBe('<p dir="auto"><a href="#/notes/b">a</a></p>');
});

test("addresses are links, and names of files are not", () => {
  expect(html("https://example.org/a, ada@example.org")).toContain('<a href="https://example.org/a"');
  expect(html("https://example.org/a, ada@example.org")).toContain('<a href="mailto:ada@example.org"');
  expect(html("See notes.md and main.rs.")).toBe('<p dir="auto">See notes.md and main.rs.</p>');
});

test("references are resolved", () => {
  expect(html("[a][b]\n\n[b]: https://example.org 'c'")).toContain('<a href="https://example.org/" title="c"');
});

test("a picture is a link with its description", () => {
  expect(html("![a *b*](https://example.org/c.png)")).toContain(">a b</a>");
  expect(html("![](https://example.org/c.png)")).toContain(">Picture</a>");
  expect(html("[![a](https://example.org/c.png)](https://example.org)").match(/<a /g)).toHaveLength(1);
});

test("lists are tight or loose as they were written", () => {
  expect(html("- a\n- b\n  1. c")).toBe(
    '<ul dir="auto"><li>a</li><li>b<ol dir="auto" start="1"><li>c</li></ol></li></ul>',
  );
  expect(html("3. a\n\n4. b")).toBe('<ol dir="auto" start="3"><li><p>a</p></li><li><p>b</p></li></ol>');
});

test("tasks have labelled boxes that cannot be ticked here", () => {
  expect(html("- [ ] a\n- [x] *b*\n- [y] c\n- d\n\n  [x] e")).toBe(
    '<ul dir="auto"><li><p><input type="checkbox" disabled aria-label="Done"/>a</p></li>' +
      '<li><p><input type="checkbox" disabled checked aria-label="Done"/><em>b</em></p></li>' +
      "<li><p>[y] c</p></li><li><p>d</p><p>[x] e</p></li></ul>",
  );
});

test("beside their editor, blocks have their lines, and boxes of tasks can be ticked", () => {
  const ticked: number[] = [];
  const text = "# a\n\n- [ ] b\n- c\n  - [x] d\n\n```\ne\n```\n\n> f";
  const all = found(text, { note: { board: "team", key: "plan" }, tick: (line) => ticked.push(line) });
  const lines = all.flatMap(({ name, attributes }) => {
    const line = attributes["data-line"];
    return line === undefined ? [] : [`${name} ${line}`];
  });
  expect(lines).toEqual(["h2 0", "li 2", "li 3", "li 4", "pre 6", "p 10"]);
  const boxes = all.filter(({ name }) => name === "input");
  for (const { attributes } of boxes) (attributes["onChange"] as () => void)();
  expect(ticked).toEqual([2, 4]);
  expect(boxes.some(({ attributes }) => "disabled" in attributes)).toBe(false);
});

test("a table is a region that scrolls", () => {
  expect(html("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |")).toBe(
    '<div class="scrolling" role="region" aria-label="Table" tabindex="0"><table>' +
      '<thead><tr><th scope="col" dir="auto">a</th><th scope="col" dir="auto" class="to-center">b</th>' +
      '<th scope="col" dir="auto" class="to-right">c</th></tr></thead>' +
      '<tbody><tr><td dir="auto">1</td><td dir="auto" class="to-center">2</td><td dir="auto" class="to-right">3</td></tr></tbody>' +
      "</table></div>",
  );
});

test("quotes and rules are shown", () => {
  expect(html("> a\n\n---")).toBe('<blockquote><p dir="auto">a</p></blockquote><hr/>');
});
