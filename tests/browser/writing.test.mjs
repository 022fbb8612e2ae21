// Writing a note: the text, its keys, its title, and how it reads beside it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled, until } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const newNote = ({ page }) => page.getByRole("link", { name: "New note" }).click();

/** Holds the editor back. Returns a function that lets it come. */
async function holdEditor({ page }) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route("**/assets/write-*.js", (route) => released.then(() => route.continue()));
  return release;
}

/** Returns the line of the note's text at the top of the editor and of the rendered text: lines begin with their number. */
function linesAtTop({ page }) {
  return page.evaluate(() => {
    const first = (scroller, lines) => {
      const { top } = scroller.getBoundingClientRect();
      const line = [...lines].find((line) => line.getBoundingClientRect().bottom > top + 4);
      return Number.parseInt(line.textContent, 10);
    };
    const [text, rendered] = [".cm-scroller", ".reading-pane"].map((name) => document.querySelector(name));
    return [first(text, text.querySelectorAll(".cm-line")), first(rendered, rendered.querySelectorAll("[data-line]"))];
  });
}

/** A text of paragraphs that begin with the numbers of their lines. */
const numbered = (lines) =>
  Array.from({ length: lines }, (_, line) =>
    line % 2 === 0 ? `${line} ${"words ".repeat((line % 40) + 1)}` : "",
  ).join("\n");

test("what is typed at once into a new note is its text, and saves itself", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { serviceWorkers: "block" });
  const [grace] = await testUsers(t, browser, 1);
  const title = titled("By itself");
  const release = await holdEditor(ada);
  await newNote(ada);
  await until(() => ada.page.evaluate(() => document.activeElement.matches("textarea")), "a caret in a field");
  await ada.page.keyboard.type("Typed ");
  release();
  await ada.page.keyboard.type("at once, before the editor was there, and after.", { delay: 20 });
  await ada.page.locator(".cm-content").waitFor();
  await ada.textIs("Typed at once, before the editor was there, and after.");
  await ada.title.fill(title);
  await ada.isSaved();
  await grace.open(title);
  await grace.article.getByText("Typed at once, before").waitFor();
});

test("Escape before the editor is there lets Tab leave it", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { serviceWorkers: "block" });
  const release = await holdEditor(ada);
  await newNote(ada);
  await until(() => ada.page.evaluate(() => document.activeElement.matches("textarea")), "a caret in a field");
  await ada.page.keyboard.type("Left.");
  await ada.page.keyboard.press("Escape");
  release();
  await ada.page.locator(".cm-content:focus").waitFor();
  await ada.page.keyboard.press("Tab");
  await ada.page.locator(".cm-content:not(:focus)").waitFor();
  await ada.textIs("Left.");
});

test("New note begins another note, and the saved one has an address of its own", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const [first, second] = [titled("First"), titled("Second")];
  await ada.write(first, "One.");
  const address = ada.page.url();
  assert.match(address, /#\/boards\/team\/notes\/[\w-]+$/);
  await newNote(ada);
  await until(() => ada.page.url() !== address, "another address");
  await ada.textIs("");
  await ada.page.keyboard.type("Two.");
  await ada.title.fill(second);
  await ada.isSaved();
  await ada.page.goBack();
  await ada.heading(first).waitFor();
  await ada.textIs("One.");
});

test("a new note without a character is not created, and is still new after a reload", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const created = [];
  ada.page.on("request", (request) => request.method() === "PUT" && created.push(request.url()));
  await newNote(ada);
  await ada.textIs("");
  await ada.page.reload();
  await ada.textIs("");
  await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
  await ada.heading("Team").waitFor();
  assert.deepEqual(created, []);
});

test("a note without a title is called Untitled, and a title that is too long says so", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("At last");
  await newNote(ada);
  await ada.page.keyboard.type("No title yet.");
  await ada.isSaved();
  await ada.listed("Untitled").first().waitFor();
  await ada.title.fill("x".repeat(201));
  await ada.page.getByText("A title has at most 200 characters.").waitFor();
  assert.equal(await ada.title.getAttribute("aria-invalid"), "true");
  await ada.title.fill(title);
  await ada.isSaved();
  await ada.listed(title).waitFor();
});

test("a title with characters at its ends that nobody sees is saved once", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  let patches = 0;
  ada.page.on("request", (request) => (patches += request.method() === "PATCH" ? 1 : 0));
  for (const edge of ["\u0085", "\ufeff", "\u200b", "\u00a0", "\ud83d"]) {
    const title = titled("Tidied");
    await ada.write(title, "Milk");
    patches = 0;
    await ada.title.evaluate((field, text) => {
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, `${title}!${edge}`);
    await ada.page.getByText("Saving…").waitFor();
    await ada.isSaved();
    await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
    await ada.heading("Team").waitFor();
    assert.equal(patches, 1, JSON.stringify(edge));
  }
});

test("Markdown is styled where it is written, and rendered beside it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.write(titled("Formatted"), "# Heading\n\n**bold** and <b>raw</b>\n\n[away](https://example.com/)");
  const style = (text, property) =>
    ada.text
      .getByText(text, { exact: true })
      .evaluate((element, property) => getComputedStyle(element)[property], property);
  assert.equal(await style("bold", "fontWeight"), "700");
  assert.equal(await style("Heading", "fontWeight"), "700");
  await ada.article.getByRole("heading", { name: "Heading" }).waitFor();
  await ada.article.locator("strong").getByText("bold").waitFor();
  await ada.article.getByText("<b>raw</b>").waitFor();
  const link = ada.article.getByRole("link", { name: "away" });
  assert.equal(await link.getAttribute("target"), "_blank");
  assert.match(await link.getAttribute("rel"), /noopener/);
});

test("lists continue, end and change their level with the keyboard", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const { keyboard } = ada.page;
  await newNote(ada);
  await ada.textIs("");
  await keyboard.type("- [x] one\ntwo\n");
  await keyboard.press("Tab");
  await keyboard.type("three\n");
  await keyboard.press("Shift+Tab");
  await keyboard.type("four\n\nend");
  await ada.textIs("- [x] one\n- [ ] two\n  - [ ] three\n- [ ] four\nend");
  // Escape and then Tab leaves the text.
  await keyboard.press("Escape");
  await keyboard.press("Tab");
  assert.equal(await ada.text.evaluate((text) => text.contains(document.activeElement)), false);
  await ada.textIs("- [x] one\n- [ ] two\n  - [ ] three\n- [ ] four\nend");
});

test("Ctrl+B, I and K format the selection, and an address that is pasted over it makes a link", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const { keyboard } = ada.page;
  const select = async () => {
    await keyboard.press("Home");
    await keyboard.press("Shift+End");
  };
  await newNote(ada);
  await ada.textIs("");
  await keyboard.type("word");
  await keyboard.press("Control+B");
  await ada.textIs("**word**");
  await keyboard.press("Control+I");
  await ada.textIs("***word***");
  await keyboard.press("Control+B");
  await keyboard.press("Control+I");
  await ada.textIs("word");
  await keyboard.press("Control+K");
  await keyboard.type("https://example.org/");
  await ada.textIs("[word](https://example.org/)");
  await ada.replaceText("here");
  await select();
  await ada.paste("https://example.com/");
  await ada.textIs("[here](https://example.com/)");
  await select();
  await ada.paste("one\r\ntwo\rthree");
  await ada.textIs("one\ntwo\nthree");
});

test("words are found and replaced, and the keys of an input method stay with it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const { keyboard } = ada.page;
  await newNote(ada);
  await ada.replaceText("A cat, a Cat and a cap.");
  await keyboard.press("Control+F");
  const find = ada.page.getByRole("textbox", { name: "Find", exact: true });
  await keyboard.type("cat");
  await ada.page.getByText("2 matches").waitFor();
  await ada.page.getByRole("checkbox", { name: "Match case" }).check();
  await ada.page.getByText("1 match", { exact: true }).waitFor();
  await ada.page.getByRole("textbox", { name: "Replace with" }).fill("dog");
  await ada.page.getByRole("button", { name: "Replace all" }).click();
  await ada.textIs("A dog, a Cat and a cap.");
  await find.fill("");
  const composing = await composer(ada);
  await composing.begin("nihon");
  await composing.press("Escape");
  assert.equal(await find.inputValue(), "nihon");
  await composing.commit("日本");
  assert.equal(await find.inputValue(), "日本");
  await keyboard.press("Escape");
  await find.waitFor({ state: "detached" });
  assert.ok(await ada.text.evaluate((text) => text === document.activeElement));
});

/** Controls an input method of the user's browser. */
async function composer({ context, page }) {
  const devtools = await context.newCDPSession(page);
  return {
    begin: (text) =>
      devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
    /** Presses a key that the input method handles. */
    async press(key) {
      const event = { key, code: key, windowsVirtualKeyCode: 229 };
      await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...event });
      await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    },
    commit: (text) => devtools.send("Input.insertText", { text }),
  };
}

test("Escape while an input method composes a word leaves text, title and search as they are", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.write(titled("Composed"), "Before ");
  const composing = await composer(ada);
  await ada.text.press("Control+End");
  await composing.begin("nihon");
  await composing.press("Escape");
  await ada.textIs("Before nihon");
  assert.ok(await ada.text.evaluate((text) => text === document.activeElement));
  await composing.commit("日本");
  await ada.textIs("Before 日本");
  await ada.isSaved();

  for (const field of [ada.page.getByRole("searchbox"), ada.title]) {
    await field.fill("");
    await composing.begin("nihon");
    await composing.press("Escape");
    await composing.press("Enter");
    assert.equal(await field.inputValue(), "nihon");
    assert.ok(await field.evaluate((field) => field === document.activeElement));
    await composing.commit("日本");
    assert.equal(await field.inputValue(), "日本");
  }
});

test("a task is ticked in the rendered text, which is an edit like any other", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("To do");
  await ada.write(title, "# List\n\n- [ ] milk\n- [x] bread");
  await grace.open(title);
  const milk = ({ article }) => article.getByRole("checkbox").first();
  await milk(grace).check();
  await ada.textIs("# List\n\n- [x] milk\n- [x] bread");
  await ada.page.waitForFunction(() => document.querySelector("article input").checked);
  await milk(ada).uncheck();
  await grace.textIs("# List\n\n- [ ] milk\n- [x] bread");
  await ada.text.press("Control+Z");
  await grace.textIs("# List\n\n- [x] milk\n- [x] bread");
});

test("the editor fills the window, and text and rendered text scroll together", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { viewport: { width: 1920, height: 1080 } });
  await newNote(ada);
  await ada.replaceText(numbered(400));
  await ada.article.getByText("398 ").waitFor();
  const { height, bottom } = await ada.page
    .locator(".text-pane")
    .evaluate((pane) => pane.getBoundingClientRect().toJSON());
  assert.ok(height > 850 && bottom <= 1080, `${height} pixels high, down to ${bottom}`);

  const scroll = async (pane, by) => {
    await ada.page.locator(pane).hover();
    await ada.page.mouse.wheel(0, by);
  };
  const together = () =>
    until(async () => {
      const [text, rendered] = await linesAtTop(ada);
      return text > 0 && Math.abs(text - rendered) <= 2;
    }, "both show the same line");
  await scroll(".text-pane", -99_999);
  await scroll(".text-pane", 2_000);
  await together();
  const [before] = await linesAtTop(ada);
  await scroll(".reading-pane", 1_500);
  await until(async () => (await linesAtTop(ada))[0] > before + 10, "the text follows");
  await together();
});

test("on a phone, one switch shows how the text reads, at the same place", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { viewport: { width: 360, height: 640 }, hasTouch: true });
  await newNote(ada);
  await ada.replaceText(numbered(400));
  const article = ada.page.locator("article");
  await article.getByText("398 ").waitFor({ state: "attached" });
  assert.equal(await article.isVisible(), false);
  assert.ok((await ada.text.evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize))) >= 16);
  const { top, height } = await ada.page
    .locator(".text-pane")
    .evaluate((pane) => pane.getBoundingClientRect().toJSON());
  assert.ok(top < 130 && height > 500, `${height} pixels high, from ${top}`);

  await ada.page.locator(".cm-scroller").evaluate((scroller) => {
    scroller.dispatchEvent(new Event("touchstart", { bubbles: true }));
    scroller.scrollTop = 4_000;
  });
  await until(async () => (await linesAtTop(ada))[0] > 50, "the text scrolls");
  const [line] = await linesAtTop(ada);
  await ada.page.getByRole("button", { name: "Preview" }).click();
  await article.waitFor();
  assert.equal(await ada.page.locator(".cm-content").isVisible(), false);
  assert.ok(Math.abs((await linesAtTop(ada))[1] - line) <= 2);
  await ada.page.getByRole("button", { name: "Preview" }).click();
  await ada.text.waitFor();
  assert.equal((await linesAtTop(ada))[0], line);

  await ada.page.getByRole("link", { name: "Back to the list" }).click();
  await ada.page.getByRole("searchbox").waitFor();
});

test("each line has the direction of its text, and screen readers have a name for the editor", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.write(titled("Both ways"), "one\nשלום\ntwo");
  const directions = await ada.text.evaluate((text) =>
    [...text.querySelectorAll(".cm-line")].map((line) => getComputedStyle(line).direction),
  );
  assert.deepEqual(directions, ["ltr", "rtl", "ltr"]);
  const attribute = (name) => ada.text.getAttribute(name);
  assert.deepEqual(await Promise.all(["aria-label", "aria-multiline", "spellcheck", "translate"].map(attribute)), [
    "Text",
    "true",
    "true",
    "no",
  ]);
});

test("a text of 200 KB is pasted, saved and edited, and one that is too long is not taken", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Long");
  const long = "One line of a long text.\n".repeat(8_000);
  await ada.write(title, long);
  await ada.text.press("Control+Home");
  await ada.page.keyboard.type("First. ");
  await ada.isSaved();
  await grace.open(title);
  await grace.text.getByText("First. One line of a long text.").waitFor();

  await ada.text.press("Control+End");
  await ada.paste(long);
  await ada.page.getByText("This note is full").waitFor();
  await ada.page.keyboard.type("The end.");
  await ada.page.getByText("This note is full").waitFor({ state: "detached" });
  await grace.text.press("Control+End");
  await grace.text.getByText("The end.").waitFor();
});

test("the link of a note is copied, and its details say who wrote it", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { permissions: ["clipboard-read", "clipboard-write"] });
  await ada.write(titled("Linked"), "twelve chars");
  await ada.act("Copy link");
  await ada.page.getByText("Link copied.").waitFor();
  assert.equal(await ada.page.evaluate(() => navigator.clipboard.readText()), ada.page.url());
  await ada.act("Details");
  const details = ada.page.getByRole("dialog", { name: "Details" });
  await details.getByText(`by ${ada.username}`).first().waitFor();
  await details.getByText("12 characters").waitFor();
  await details.getByRole("button", { name: "Close" }).click();
});

test("links by title are completed, and lead to the note or to a new one of that title", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const { keyboard } = ada.page;
  const [target, fresh] = [titled("Who waters the plants"), titled("Not yet")];
  await ada.write(target, "Mondays Grace.");
  await newNote(ada);
  await ada.textIs("");
  await keyboard.type(`See [[${target.slice(-8)}`);
  await ada.page.getByRole("option", { name: target }).waitFor();
  await keyboard.press("Enter");
  await ada.textIs(`See [[${target}]]`);
  await keyboard.type(` and [[${fresh}]].`);
  await ada.isSaved();
  const address = ada.page.url();
  const source = titled("Plants");
  await ada.title.fill(source);
  await ada.isSaved();
  await ada.article.getByRole("link", { name: target }).click();
  await ada.heading(target).waitFor();
  await ada.textIs("Mondays Grace.");

  const linkedFrom = ada.page.getByRole("region", { name: "Linked from" }).getByRole("link", { name: source });
  await until(async () => {
    await ada.act("Details");
    await ada.page.getByText("Opening").waitFor({ state: "detached" });
    const isListed = (await linkedFrom.count()) > 0;
    if (!isListed) await ada.page.getByRole("button", { name: "Close" }).click();
    return isListed;
  }, "the note that links here is listed");
  await linkedFrom.click();
  await ada.heading(source).waitFor();

  await ada.goTo(new URL(address).hash);
  await ada.article.getByRole("link", { name: fresh }).click();
  await ada.heading(`No note is called “${fresh}”`).waitFor();
  await ada.page.getByRole("button", { name: "Create it" }).click();
  await ada.textIs("");
  assert.equal(await ada.title.inputValue(), fresh);
  await ada.listed(fresh).waitFor();
});

test("a heading has an address, and addresses of this notebook open here", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Chapters");
  const chapters = Array.from({ length: 40 }, (_, number) => `## Chapter ${number}\n\n${"Words. ".repeat(60)}\n`).join(
    "\n",
  );
  await ada.write(title, chapters);
  const heading = ada.article.getByRole("heading", { name: "Chapter 30" });
  const address = await heading.getByRole("link").getAttribute("href");
  assert.match(address, /\/at\/chapter-30$/);

  // Both sides show it, and later changes leave it there.
  await grace.goTo(address);
  await grace.heading(title).waitFor();
  const text = grace.text.getByText("## Chapter 30");
  await text.waitFor();
  const isAtTop = (locator) =>
    until(
      async () => Math.abs((await locator.boundingBox()).y - (await grace.page.locator(".panes").boundingBox()).y) < 60,
      "it is at the top",
    );
  await isAtTop(text);
  await isAtTop(grace.article.getByRole("heading", { name: "Chapter 30" }));

  await ada.replaceText(`[here](${new URL(address, ada.page.url()).href}) and [below](#below)\n\n## Below`);
  const links = ada.article.getByRole("link");
  await links.filter({ hasText: "here" }).waitFor();
  assert.equal(await links.filter({ hasText: "here" }).getAttribute("href"), address);
  assert.equal(await links.filter({ hasText: "here" }).getAttribute("target"), null);
  assert.equal(await links.filter({ hasText: "below" }).getAttribute("href"), address.replace("chapter-30", "below"));
});

test("the former address of an editor opens the note", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("Moved");
  await ada.write(title, "Here.");
  const address = ada.page.url();
  await ada.goTo("#/boards/team");
  await ada.heading("Team").waitFor();
  await ada.goTo(`${new URL(address).hash}/edit`);
  await ada.textIs("Here.");
  assert.equal(ada.page.url(), address);
});

test("a comment with half a character is sent with a replacement for it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.write(titled("Commented"), "Milk");
  await ada.page.getByLabel("Write a comment").evaluate((element) => {
    element.value = "cut \ud83d";
    element.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await ada.page.getByRole("button", { name: "Add comment" }).click();
  await ada.commented("cut \ufffd").waitFor();
});
