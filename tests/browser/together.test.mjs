// Several people in one note: what they write is merged, and nobody's caret, selection or composition is touched.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled, until } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens a new note for several users. */
async function opened(users, text) {
  const [first, ...others] = users;
  const title = titled("Together");
  await first.write(title, text);
  for (const other of others) {
    await other.open(title);
    await other.textIs(text);
  }
  return title;
}

/** Puts the user's caret at the end of a line. */
const goTo = async ({ text }, line) => {
  await text.getByText(line, { exact: true }).click();
  await text.press("End");
};

/** Deletes the open note over the API, at whatever version it is by then. */
async function deleteNow({ context, page }) {
  const url = page.url().replace("#/", "api/");
  await until(async () => {
    const { etag } = (await context.request.get(url)).headers();
    return (await context.request.delete(url, { headers: { "if-match": etag } })).status() === 204;
  }, "the note is deleted");
}

const lines = (count) => Array.from({ length: count }, (_, number) => `Line ${number}.`);

test("two people write in one note at the same time, and both texts are kept", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  await opened([ada, grace], "Ada: \nGrace: ");
  await goTo(ada, "Ada: ");
  await goTo(grace, "Grace: ");
  await Promise.all([
    ada.page.keyboard.type("the quick brown fox", { delay: 20 }),
    grace.page.keyboard.type("jumps over the lazy dog", { delay: 20 }),
  ]);
  for (const person of [ada, grace]) {
    await person.textIs("Ada: the quick brown fox\nGrace: jumps over the lazy dog");
    await person.isSaved();
  }
});

test("caret, selection and composition stay where they are while another person writes above", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const text = lines(20);
  await opened([ada, grace], text.join("\n"));
  await goTo(grace, "Line 2.");
  await goTo(ada, "Line 10.");
  await grace.page.keyboard.type(" More.");
  await ada.text.getByText("Line 2. More.").waitFor();
  await ada.page.keyboard.type("!");
  await grace.text.getByText("Line 10.!").waitFor();

  await ada.page.keyboard.press("Shift+Home");
  await grace.page.keyboard.press("Enter");
  await grace.page.keyboard.type("New.");
  await ada.text.getByText("New.").waitFor();
  assert.equal(await ada.page.evaluate(() => getSelection().toString()), "Line 10.!");

  await goTo(ada, "Line 12.");
  const devtools = await ada.context.newCDPSession(ada.page);
  await devtools.send("Input.imeSetComposition", { text: "nihon", selectionStart: 5, selectionEnd: 5 });
  await grace.page.keyboard.type(" And more.");
  await ada.text.getByText("New. And more.").waitFor();
  await devtools.send("Input.imeSetComposition", { text: "nihongo", selectionStart: 7, selectionEnd: 7 });
  await ada.textIs(
    [
      ...text.slice(0, 2),
      "Line 2. More.",
      "New. And more.",
      ...text.slice(3, 10),
      "Line 10.!",
      "Line 11.",
      "Line 12.nihongo",
      ...text.slice(13),
    ].join("\n"),
  );
  await devtools.send("Input.insertText", { text: "日本語" });
  await grace.text.getByText("Line 12.日本語").waitFor();
});

test("undo takes back one's own edits only", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  await opened([ada, grace], "one\ntwo");
  await goTo(ada, "one");
  await ada.page.keyboard.type(" Ada's");
  await grace.textIs("one Ada's\ntwo");
  await goTo(grace, "two");
  await grace.page.keyboard.type(" Grace's");
  await ada.textIs("one Ada's\ntwo Grace's");
  await ada.text.press("Control+Z");
  await grace.textIs("one\ntwo Grace's");
  await ada.text.press("Control+Y");
  await grace.textIs("one Ada's\ntwo Grace's");
});

test("each sees the carets, the selections and the names of the others, and who is writing", async (t) => {
  const name = titled("Ada");
  const [ada] = await testUsers(t, browser, 1, { displayName: name });
  const [grace] = await testUsers(t, browser, 1);
  await opened([ada, grace], "one\ntwo");
  await grace.page.getByText(`Also here: ${name}`, { exact: true }).waitFor();
  await goTo(ada, "two");
  const caret = grace.text.locator(".others-caret");
  await caret.getByText(name, { exact: true }).waitFor({ state: "attached" });
  assert.equal(await caret.evaluate((caret) => caret.closest(".cm-line").textContent), `two${name}`);
  await ada.page.keyboard.press("Shift+Home");
  await grace.text.locator("[style*=background-color]").getByText("two", { exact: true }).waitFor();

  await ada.page.keyboard.type("changed");
  await grace.page.getByText(`${name} is writing`).waitFor();
  await grace.page.getByText(`${name} is writing`).waitFor({ state: "detached" });
  await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
  await caret.waitFor({ state: "detached" });
  await grace.textIs("one\nchanged");
});

test("nothing that is typed is lost when somebody deletes the note, and the focus stays", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = await opened([ada, grace], "");
  const typed = "the quick brown fox jumps over the lazy dog ".repeat(5);
  await ada.text.click();
  const typing = ada.page.keyboard.type(typed, { delay: 15 });
  await grace.text.getByText("the quick").waitFor();
  await deleteNow(grace);
  await ada.page.getByRole("heading", { name: "This note was deleted" }).waitFor();
  await typing;
  assert.ok(await ada.text.evaluate((text) => text === document.activeElement));
  await ada.textIs(typed);

  await ada.page.getByRole("button", { name: "Keep as a new note" }).click();
  await ada.page.getByRole("heading", { name: "This note was deleted" }).waitFor({ state: "detached" });
  await ada.heading(title).waitFor();
  await ada.textIs(typed);
  await ada.isSaved();
  await grace.open(title);
  await grace.textIs(typed);
});

test("a title that somebody types is not replaced by another's", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const [before, adas, graces] = [await opened([ada, grace], "text"), titled("Ada's"), titled("Grace's")];
  await grace.title.focus();
  await ada.title.fill(adas);
  await ada.title.press("Enter");
  await ada.isSaved();
  await grace.listed(adas).waitFor();
  assert.equal(await grace.title.inputValue(), before);
  await grace.page.keyboard.press("Control+A");
  await grace.page.keyboard.type(graces);
  await grace.isSaved();
  await ada.heading(graces).waitFor();
  assert.equal(await grace.title.inputValue(), graces);
});

test("an edit of the API is merged into the text that somebody writes", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = await opened([ada], "one\ntwo\nthree");
  const url = ada.page.url().replace("#/", "api/");
  await goTo(ada, "one");
  const read = await ada.context.request.get(url);
  const tag = read.headers()["etag"];
  const saved = await ada.context.request.put(url, {
    data: { title, body: "one\ntwo\nTHREE" },
    headers: { "if-match": tag },
  });
  assert.equal(saved.status(), 200);
  await ada.textIs("one\ntwo\nTHREE");
  await ada.page.keyboard.type("!");
  await ada.isSaved();
  await until(
    async () => (await (await ada.context.request.get(url)).json()).body === "one!\ntwo\nTHREE",
    "both are saved",
  );
});
