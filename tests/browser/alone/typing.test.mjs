// Two people type into one paragraph without a pause. How fast each sees the other's letters is compared with Socket.IO in
// one process, in turns, so that other load on the machine slows both.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, TestUser, testUsers, titled, until } from "../browser.mjs";
import { latencies, median, textBeforeCaret, textBeforeOthersCaret, watchKeystrokes } from "../keystrokes.mjs";
import { startReference } from "../reference/server.mjs";

/** How long both type: half of it each in a place of their own, and half in the same. */
const SECONDS = Number(process.env.TYPING_SECONDS ?? 10);

/** The time between a key's press and its release. The next one is pressed at once. */
const DELAY_MS = 25;

/** How many times as long as in the reference a keystroke may take. */
const MOST = 2;

/** One paragraph. Ada's place is before the full stop, Grace's after the colon. */
const START = "Ada: . Grace: ";

let browser;
let reference;
before(async () => {
  browser = await launch();
  reference = await startReference();
});
after(async () => {
  await browser.close();
  await reference.close();
});

/** Two people in one text, of whom Ada types small letters and Grace capital ones. */
class Pair {
  /** What each typed in a place of their own, and then at the end. */
  typed = { ada: "", grace: "", adasEnd: "", gracesEnd: "" };
  latencies = [];

  constructor(ada, grace) {
    Object.assign(this, { ada, grace });
  }

  /** Types in two places of the paragraph. */
  async typeApart() {
    const { ada, grace, typed } = this;
    await ada.text.press("Control+Home");
    for (const _ of "Ada: ") await ada.text.press("ArrowRight");
    await grace.text.press("Control+End");
    await this.#measured(async (end) => {
      [typed.ada, typed.grace] = await Promise.all([typeWords(ada, "ada", end), typeWords(grace, "GRACE", end)]);
    });
  }

  /** Types in the same place: the end. */
  async typeTogether() {
    const { ada, grace, typed } = this;
    for (const { text } of [ada, grace]) await text.press("Control+End");
    await this.#measured(async (end) => {
      const both = [typeWords(ada, "lovelace", end), typeWords(grace, "HOPPER", end)];
      [typed.adasEnd, typed.gracesEnd] = await Promise.all(both);
    });
  }

  async #measured(type) {
    const pages = [this.ada.page, this.grace.page];
    await watchKeystrokes(pages[0], /[a-z]/, /[A-Z]/);
    await watchKeystrokes(pages[1], /[A-Z]/, /[a-z]/);
    await type(Date.now() + (SECONDS / 2) * 1000);
    await this.text();
    this.latencies.push(...(await latencies(...pages)), ...(await latencies(...pages.toReversed())));
  }

  /**
   * Waits until both show everything that was typed, and returns the text. In places of their own, it is exact. In the same
   * place, each letter is inserted directly after the one that its writer typed before, and nobody's caret is inside the
   * other's words. So the words of each are together. Their ids decide only whose words come first.
   */
  async text() {
    const { ada, grace, adasEnd, gracesEnd } = this.typed;
    const possible = [adasEnd + gracesEnd, gracesEnd + adasEnd].map((end) => `Ada: ${ada}. Grace: ${grace}${end}`);
    const shown = () => this.ada.shownText();
    await until(async () => possible.includes(await shown()), `the text is ${possible.join(" or ")}`);
    const text = await shown();
    await this.grace.textIs(text);
    return text;
  }

  /** Checks that the caret of each is after their last words, and that the other sees it there. */
  async caretsFollow(adas, graces) {
    const { ada, grace } = this;
    const text = await this.text();
    const upTo = (words) => text.slice(0, text.indexOf(words) + words.length);
    assert.equal(await textBeforeCaret(ada.page), upTo(adas));
    assert.equal(await textBeforeCaret(grace.page), upTo(graces));
    await until(async () => (await textBeforeOthersCaret(grace.page)) === upTo(adas), "Grace sees Ada's caret");
    await until(async () => (await textBeforeOthersCaret(ada.page)) === upTo(graces), "Ada sees Grace's caret");
  }
}

/** Types numbered words without a pause until a time, and returns them. */
async function typeWords({ page }, word, end) {
  let typed = "";
  for (let number = 1; Date.now() < end; number += 1) {
    const numbered = `${word}${number} `;
    await page.keyboard.type(numbered, { delay: DELAY_MS });
    typed += numbered;
  }
  return typed;
}

/** Opens a new note for two users. */
async function inNotes(test) {
  const [ada, grace] = await testUsers(test, browser, 2);
  const title = titled("Typing");
  await ada.write(title, START);
  await grace.open(title);
  // With others in the note, edits are gathered for as long as in the reference.
  for (const { page } of [ada, grace]) await page.getByText("Also here:").waitFor();
  return new Pair(ada, grace);
}

/** Opens the reference for two people. */
async function inReference(test) {
  const open = async (name) => {
    const context = await browser.newContext();
    test.after(() => context.close());
    const person = Object.assign(new TestUser(), { context, page: await context.newPage() });
    await person.page.goto(`${reference.address}/?${new URLSearchParams({ name, text: START })}`);
    await person.textIs(START);
    return person;
  };
  return new Pair(await open("Ada"), await open("Grace"));
}

test("two people type into one paragraph without a pause, nothing is lost, and each sees it soon", async (t) => {
  const [ours, theirs] = [await inNotes(t), await inReference(t)];
  await theirs.typeApart();
  await ours.typeApart();
  await ours.caretsFollow(ours.typed.ada, ours.typed.grace);
  await ours.typeTogether();
  await ours.caretsFollow(ours.typed.adasEnd, ours.typed.gracesEnd);
  await theirs.typeTogether();

  const text = await ours.text();
  const { ada } = ours;
  const url = ada.page.url().replace("#/", "api/");
  await until(async () => (await (await ada.context.request.get(url)).json()).body === text, "the API has the text");

  const [own, its] = [ours, theirs].map(({ latencies }) => median(latencies));
  const measured = `${own.toFixed()} ms to the other screen, and ${its.toFixed()} ms in one process`;
  t.diagnostic(`${ours.latencies.length} letters: ${measured}`);
  assert.ok(own <= MOST * its, measured);
});
