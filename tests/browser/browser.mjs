// Starts Chromium, and opens the page for test users. Each test user has a browser context, which is like a computer of their own.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { Wire } from "./wire.mjs";

export const address = process.env.NOTES_ADDRESS ?? assert.fail("NOTES_ADDRESS is not set: see tests/with-cloud");

export const PASSWORD = "correct horse battery";

/** Time limit of every wait. A test that passes never waits this long. */
const PATIENCE_MS = 60_000;

/** Where Debian has Chromium without windows, which needs two thirds of the time for these tests, and all of Chromium. */
const INSTALLED = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** Options that start Chromium. */
export const BROWSER = {
  executablePath: process.env.CHROMIUM ?? INSTALLED.find(existsSync),
  args: [
    // Containers run as root, and Chromium's sandbox does not start as root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export function launch() {
  return chromium.launch(BROWSER);
}

export const titled = (name) => `${name} ${randomUUID().slice(0, 8)}`;

/** Returns a username without an account. */
export const newUsername = () => `b-${randomUUID().slice(0, 20)}`;

/** Waits for a condition that no page shows. */
export async function until(condition, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((passed) => setTimeout(passed, 20));
  }
}

/** Signs up users for a test. After the test, closes their browsers and checks that these reported no errors. */
export async function testUsers(test, browser, count, options = {}) {
  const all = await Promise.all(Array.from({ length: count }, () => TestUser.signedUp(browser, options)));
  test.after(async () => {
    await Promise.all(all.map((user) => user.leave()));
    for (const user of all) assert.deepEqual(user.errors, []);
  });
  return all;
}

/** Returns the text of an editor, without what is drawn in it: carets of others, and a placeholder. */
function shownText(editor) {
  const copy = editor.cloneNode(true);
  for (const drawn of copy.querySelectorAll(".cm-placeholder, .others-caret")) drawn.remove();
  return [...copy.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");
}

/** A user at the page. The methods do what a user does, and find elements by the names that a screen reader reads out. */
export class TestUser {
  context;
  page;
  username;
  /** The connection of the user's browser, if the test may cut it. */
  wire;
  /** Errors of the browser: violations of the page's policy, and failed scripts. */
  errors = [];

  /** Opens the page for a user who is not signed in. With `wired`, the test can cut the user's connection. */
  static async open(browser, options) {
    const user = await TestUser.#withContext(browser, options);
    user.page = await user.openTab();
    return user;
  }

  static async #withContext(browser, { wired = false, ...options } = {}) {
    const wire = wired ? await Wire.lay() : undefined;
    const context = await browser.newContext({
      locale: "en-GB",
      timezoneId: "UTC",
      ...(wire && { proxy: wire.proxy }),
      ...options,
    });
    return TestUser.#in(context, wire);
  }

  static #in(context, wire) {
    context.setDefaultTimeout(PATIENCE_MS);
    return Object.assign(new TestUser(), { context, wire });
  }

  /** Opens another tab in the same browser. */
  async openTab(path = "/") {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (/Content.Security.Policy|Trusted(HTML|Script)/i.test(message.text())) this.errors.push(message.text());
    });
    await page.goto(address + path);
    return page;
  }

  async leave() {
    await this.context.close();
    await this.wire?.remove();
  }

  /** Returns this user at another tab. */
  at(page) {
    return Object.assign(Object.create(this), { page });
  }

  /** Signs up a new user, and opens the page. */
  static async signedUp(browser, { displayName, username, ...options } = {}) {
    const user = await TestUser.#withContext(browser, options);
    try {
      return await user.#signUp(username, displayName);
    } catch (error) {
      await user.leave();
      throw error;
    }
  }

  /** Signs up a new user in an existing context, and opens the page. */
  static async signedUpIn(context) {
    return TestUser.#in(context).#signUp();
  }

  /** Signs up over the API, which is faster than with the form. */
  async #signUp(username = newUsername(), displayName = username) {
    this.username = username;
    const data = { username, displayName, password: PASSWORD };
    assert.equal((await this.context.request.post(`${address}/api/users`, { data })).status(), 201);
    this.page = await this.openTab();
    await this.isConnected();
    return this;
  }

  /** Opens the form that creates an account. Until it shows, the form below the link has fields of the same names. */
  async openSignUp() {
    await this.page.getByRole("link", { name: "Create account" }).click();
    await this.page.getByRole("button", { name: "Create account" }).waitFor();
  }

  async signIn() {
    await this.page.getByLabel("Username").fill(this.username);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  async signOut() {
    await this.page.getByRole("button", { name: "Sign out", exact: true }).click();
    await this.heading("Sign in").waitFor();
  }

  async isConnected() {
    await this.page.getByText("Connected", { exact: true }).waitFor();
  }

  async isOffline() {
    await this.page.getByText("Offline: changes will show").waitFor();
  }

  /** Waits until the note shows that everything in it is saved. */
  async isSaved() {
    await this.page.locator(".saving").getByText("Saved", { exact: true }).waitFor();
  }

  /** Waits until the note shows that the text is kept in the browser until the connection is back. */
  async isKept() {
    await this.page.getByText("Offline: kept in this browser").waitFor();
  }

  /** Opens a route of the page. */
  async goTo(hash) {
    await this.page.evaluate((hash) => (location.hash = hash), hash);
  }

  /** Creates a private board over the API, and gives others a role on it. Returns its id. */
  async createBoard(name, roles = {}) {
    const { request } = this.context;
    const made = await request.post(`${address}/api/boards`, { data: { name } });
    assert.equal(made.status(), 201);
    const { id } = await made.json();
    for (const [username, role] of Object.entries(roles)) {
      const added = await request.put(`${address}/api/boards/${id}/members/${username}`, { data: { role } });
      assert.equal(added.status(), 204);
    }
    return id;
  }

  /** Writes a version of a note over the API, and creates the note if there is none at `url`. Returns its address in the API. */
  async writeVersion(draft, { board = "team", url } = {}) {
    const { request } = this.context;
    if (url === undefined) {
      const made = await request.post(`${address}/api/boards/${board}/notes`, { data: draft });
      assert.equal(made.status(), 201);
      return `${address}/api/boards/${board}/notes/${(await made.json()).key}`;
    }
    const { etag } = (await request.get(url)).headers();
    assert.equal((await request.put(url, { data: draft, headers: { "if-match": etag } })).status(), 200);
    return url;
  }

  /** Waits until a note has a number of earlier versions. The server records a version after the write that replaces it. */
  async hasVersions(url, count) {
    await until(async () => {
      await new Promise((passed) => setTimeout(passed, 100));
      const { versions } = await (await this.context.request.get(`${url}/versions`)).json();
      return versions.length >= count;
    }, `the note has ${count} earlier versions`);
  }

  /** Returns the link of a board in the list. */
  listedBoard(name) {
    return this.page
      .getByRole("navigation", { name: "Boards" })
      .getByRole("link")
      .filter({
        has: this.page.getByText(name, { exact: true }),
      });
  }

  /** Returns the link of a note in the list. */
  listed(title) {
    return this.page
      .getByRole("navigation", { name: "All notes" })
      .getByRole("link")
      .filter({
        has: this.page.getByText(title, { exact: true }),
      });
  }

  /** Returns all titles that the list shows, from the top. */
  titles() {
    return this.page.getByRole("navigation", { name: "All notes" }).locator(".title");
  }

  heading(name) {
    return this.page.getByRole("heading", { level: 1, name, exact: true });
  }

  /** Creates a note. */
  async write(title, body) {
    await this.page.getByRole("link", { name: "New note" }).click();
    await this.fill(title, body);
    await this.saveNow();
    await this.listed(title).waitFor();
  }

  /** Saves the open note without waiting until the page does it. */
  async saveNow() {
    await this.title.press("Control+S");
    await this.isSaved();
  }

  async open(title) {
    await this.listed(title).click();
    await this.heading(title).waitFor();
  }

  /** Replaces the title and the text of the open note. */
  async fill(title, body) {
    await this.replaceText(body);
    await this.title.fill(title);
  }

  /** The field of the open note's title. */
  get title() {
    return this.page.getByRole("textbox", { name: "Title", exact: true });
  }

  /** The editor of the open note's text. */
  get text() {
    return this.page
      .locator("[contenteditable=true]")
      .and(this.page.getByRole("textbox", { name: "Text", exact: true }));
  }

  /** How the open note's text reads. */
  get article() {
    return this.page.getByRole("article");
  }

  /** Replaces the text of the open note as a paste over everything does. */
  async replaceText(text) {
    await this.text.press("Control+A");
    if (text === "") await this.text.press("Backspace");
    else await this.paste(text);
  }

  /** Pastes over what is selected in the text. */
  async paste(text) {
    await this.text.evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Returns the text that the editor shows, all of which fits into it. */
  shownText() {
    return this.text.evaluate(shownText);
  }

  /** Waits until the editor shows a text, all of which fits into it. */
  async textIs(text) {
    await until(async () => (await this.shownText()) === text, `the text is ${text}`);
  }

  /** Chooses an action from the menu of the open note. */
  async act(name) {
    await this.page.getByRole("button", { name: "More actions" }).click();
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Goes to the comments of the open note. Narrow windows show them in place of its text. */
  async goToComments() {
    const button = this.page.getByRole("button", { name: /^Comments/ });
    if ((await button.count()) > 0) await button.click();
  }

  async comment(message) {
    await this.goToComments();
    await this.page.getByLabel("Write a comment").fill(message);
    await this.page.getByRole("button", { name: "Add comment" }).click();
  }

  /** Returns a comment of the open note. */
  commented(message) {
    return this.page.getByRole("region", { name: "Comments" }).locator("li .body").getByText(message, { exact: true });
  }

  /** Returns the buttons that delete a comment. */
  deleteButtons() {
    return this.page.getByRole("button", { name: "Delete comment by" });
  }

  /** Deletes the open note, and closes the message that offers to undo it. */
  async delete() {
    await this.act("Delete");
    await this.page.getByRole("button", { name: "Dismiss" }).click();
  }
}
