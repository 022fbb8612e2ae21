// A printed note: complete, and without the rest of the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The size of an A4 page between Chromium's margins. */
const PAPER = { width: 718, height: 1046 };

const row = (cell) => `|${Array.from({ length: 14 }, (_, column) => cell(column)).join("|")}|`;
const TABLE = [
  row((column) => `Column ${column}`),
  row(() => "-"),
  row((column) => `${"wide".repeat(8)}${column}`),
].join("\n");
const CODE = `\`\`\`\n${"code".repeat(200)}\n  indented ${"more code ".repeat(60)}end\n\`\`\``;
const BODY = `## Heading\n\n${TABLE}\n\n${CODE}\n\n${"Some words. ".repeat(1500)}\n\nThe last line.`;

for (const colorScheme of ["light", "dark"]) {
  test(`a note prints alone, whole and in black on white when the page is ${colorScheme}`, async (t) => {
    const [ada] = await testUsers(t, browser, 1, { colorScheme });
    const title = titled("On paper");
    await ada.page.getByLabel("Theme").selectOption(colorScheme === "dark" ? "Dark" : "System");
    await ada.write(title, BODY);
    await ada.comment("Said on the screen.");
    await ada.commented("Said on the screen.").waitFor();
    await ada.page.setViewportSize(PAPER);
    await ada.page.emulateMedia({ media: "print" });

    const printed = await ada.page.evaluate(() => {
      const seen = (element) => element.checkVisibility({ visibilityProperty: true });
      const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
      const article = document.querySelector("article");
      const boxes = all("article *").map((element) => [element.localName, element.getBoundingClientRect()]);
      return {
        text: document.body.innerText,
        controls: all("button, input, textarea, select, a.button, [role=dialog]").map(({ outerHTML }) => outerHTML),
        scrolling: all("*")
          .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
          .map(({ localName }) => localName),
        beside: boxes.filter(([, { left, right }]) => left < -1 || right > innerWidth + 1).map(([name]) => name),
        width: article.getBoundingClientRect().width,
        colors: [article, ...all("article td, article code, article h2")].map(
          (element) => getComputedStyle(element).color,
        ),
        background: getComputedStyle(document.documentElement).backgroundColor,
      };
    });
    assert.equal(printed.text.split("\n")[0], title);
    assert.match(printed.text, /The last line\.$/);
    assert.deepEqual(printed.controls, []);
    assert.deepEqual(printed.scrolling, []);
    assert.deepEqual(printed.beside, []);
    assert.equal(printed.width, PAPER.width);
    assert.deepEqual([...new Set(printed.colors)], ["rgb(0, 0, 0)"]);
    assert.equal(printed.background, "rgb(255, 255, 255)");

    const pdf = (await ada.page.pdf({ format: "A4" })).toString("latin1");
    assert.ok(pdf.match(/\/Type\s*\/Page\b/g).length > 1, "what is longer than a page is on the next");
  });
}
