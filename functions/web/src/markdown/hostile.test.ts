import * as fc from "fast-check";
import { expect, test } from "vitest";
import { found, shown } from "./tree.ts";

const names = new Set(
  "p h2 h3 h4 h5 h6 blockquote ul ol li div table thead tbody tr th td strong em s a br hr code pre input span sup".split(
    " ",
  ),
);
const attributes = new Set(
  "dir href title target rel start class role aria-label tabIndex scope type disabled checked data-line data-anchor onChange".split(
    " ",
  ),
);

/** Returns the elements and attributes that a note must not create. */
function strange(text: string): string[] {
  const all = [...found(text), ...found(text, { note: { board: "team", key: "plan" }, tick() {} })];
  return all.flatMap((element) => [
    ...(names.has(element.name) ? [] : [element.name]),
    ...Object.keys(element.attributes).filter((name) => !attributes.has(name)),
    ...("href" in element.attributes &&
    !/^(https?:\/\/|mailto:|#\/notes\/|#\/boards\/)/.test(String(element.attributes["href"]))
      ? [String(element.attributes["href"])]
      : []),
  ]);
}

test.each([
  "<script>alert(1)</script>",
  "a <script>alert(1)</script> b",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<a href='javascript:alert(1)'>a</a>",
  "<style>*{display:none}</style>",
  "<details open ontoggle=alert(1)>",
  "<!-- comment -->",
  "<![CDATA[ a ]]>",
  "<?php echo 1 ?>",
  "</div></article>",
])("HTML is shown as it was written: %s", (text) => {
  expect(shown(text)).toBe(text);
  expect(found(text).map(({ name }) => name)).toEqual(["p"]);
});

test("HTML written as entities is text", () => {
  expect(shown("&lt;script&gt;alert(1)&lt;/script&gt;")).toBe("<script>alert(1)</script>");
  expect(found("&lt;script&gt;").map(({ name }) => name)).toEqual(["p"]);
});

test.each([
  "[a](javascript:alert(1))",
  "[a](JAVASCRIPT:alert(1))",
  "[a](<javascript:alert(1)>)",
  "[a](< javascript:alert(1)>)",
  "[a](<\u0001javascript:alert(1)>)",
  "[a](<java\tscript:alert(1)>)",
  "[a](&#106;avascript:alert(1))",
  "[a](&#x6A;avascript&#58;alert(1))",
  "[a](javascript&colon;alert(1))",
  "[a](java&Tab;script:alert(1))",
  "[a](java&NewLine;script:alert(1))",
  "[a](\\javascript:alert(1))",
  "[a](vbscript:alert(1))",
  "[a](data:text/html,<script>alert(1)</script>)",
  "[a](data:image/svg+xml;base64,PHN2Zz4=)",
  "[a](//example.org)",
  "[a](/api/session)",
  "[a](#/new)",
  "[a][b]\n\n[b]: javascript:alert(1)",
  "[b]\n\n[b]: <data:text/html,a> 'title'",
  "<javascript:alert(1)>",
  "<data:text/html,a>",
  "javascript:alert(1)",
  "data:text/html,a",
  "![a](javascript:alert(1))",
  "![a](data:image/svg+xml,a)",
])("no link leads where it should not: %s", (text) => {
  expect(found(text).filter(({ name }) => name === "a")).toEqual([]);
  expect(shown(text)).toContain("a");
});

test("quotes in a link's title do not end the attribute", () => {
  const [, link] = found(`[a](https://example.org '" onclick="alert(1)')`);
  expect(link?.attributes).toEqual({
    href: "https://example.org/",
    title: '" onclick="alert(1)',
    target: "_blank",
    rel: "noopener noreferrer",
  });
});

test("quotes in a URL do not end the attribute", () => {
  const [, link] = found(`<https://example.org/"onclick="alert(1)>`);
  expect(Object.keys(link?.attributes ?? {})).toEqual(["href", "target", "rel"]);
});

test("the language of a code block is not trusted", () => {
  expect(found('```"><script>\na\n```')).toEqual([
    { name: "pre", attributes: { dir: "auto", tabIndex: 0 }, text: "a\n" },
    { name: "code", attributes: {}, text: "a\n" },
  ]);
});

test("names of built-in object properties are not references", () => {
  for (const name of ["constructor", "\\_\\_proto\\_\\_", "toString", "hasOwnProperty"]) {
    expect(found(`[${name}] [a][${name}]`).map((element) => element.name)).toEqual(["p"]);
  }
});

test("random text creates allowed elements and attributes only", () => {
  const pieces = fc.constantFrom(
    ..."# > - * _ ~~ ` ``` | |-| [ ] ( ) ![ ]( <  > & ; : :// \\ \" ' = 1. [x] javascript: data: https:// #/notes/ a@b.c".split(
      " ",
    ),
    ..."<script> <img onerror=a> &#106; &colon; &Tab; www.example.org \u0000 \u202e".split(" "),
    ..." |  |    |\n|\n\n|\t|a|\u0661".split("|"),
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ maxLength: 4, unit: "binary" })), { maxLength: 60 });
  fc.assert(
    fc.property(texts, (parts) => {
      expect(strange(parts.join(""))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
