// A browser that translates the page, while live content stays current.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * Replaces texts by elements, as Chrome's translation does, including texts that appear later. It skips elements that are marked
 * as not to be translated. Returns the number of texts, translated or not.
 */
function translate() {
  const isOff = (node) => {
    const marked = node.parentElement?.closest("[translate], .notranslate");
    return !!marked && (marked.translate === false || marked.classList.contains("notranslate"));
  };
  const all = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts.filter(
      (text) => !isOff(text) && text.data.trim() !== "" && text.parentElement.localName !== "font",
    )) {
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      outer.append(inner);
      inner.textContent = text.data;
      text.replaceWith(outer);
    }
    return texts.length;
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.localName !== "font") all(node);
  }).observe(document.body, { childList: true, subtree: true });
  return all(document.body);
}

test("the list, the note and its comments stay current while the browser translates the page", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const [first, second] = [titled("First"), titled("Second")];
  await ada.write(first, "As it *was*.\n\n- one\n- two");
  await grace.open(first);
  await grace.page.getByText("No comments yet").waitFor();
  assert.ok((await grace.page.evaluate(translate)) > 10);

  await ada.fill(second, "As *it* is.\n\n- two\n- three");
  await grace.listed(second).waitFor();
  await grace.heading(second).waitFor();
  await grace.article.getByText("three").waitFor();
  const article = await grace.article.locator(".body").innerText();
  assert.deepEqual(article.split(/\s*\n\s*/), ["As it is.", "two", "three"]);
  await grace.textIs("As *it* is.\n\n- two\n- three");
  assert.equal(await grace.listed(first).count(), 0);

  await ada.comment("Said meanwhile.");
  await grace.commented("Said meanwhile.").waitFor();
  assert.equal(await grace.page.getByText("No comments yet").count(), 0);
  await ada.deleteButtons().click();
  await grace.page.getByText("No comments yet").waitFor();
});
