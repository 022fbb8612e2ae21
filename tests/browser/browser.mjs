// Debian's Chromium, and the people in it: each in a context of their own, as on a machine of their own.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { chromium } from "playwright-core";
import { Wire } from "./wire.mjs";

export const address = process.env.NOTES_ADDRESS ?? assert.fail("NOTES_ADDRESS is not set: see tests/with-cloud");

export const PASSWORD = "correct horse battery";

/** How long anything in these tests may take before it counts as never. A test that passes does not wait for it. */
const PATIENCE_MS = 60_000;

/** How Chromium is started. */
export const BROWSER = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    // Chromium's sandbox does not start as root, as which containers run.
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

/** A username that nobody has. */
const stranger = () => `b-${randomUUID().slice(0, 20)}`;

/** Waits for something that no page shows. */
export async function until(condition, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((passed) => setTimeout(passed, 20));
  }
}

/** People who came for a test; they leave after it, and their browsers had nothing to complain of. */
export async function people(test, browser, count, options = {}) {
  const all = await Promise.all(Array.from({ length: count }, () => Person.signedUp(browser, options)));
  test.after(async () => {
    await Promise.all(all.map((person) => person.leave()));
    for (const person of all) assert.deepEqual(person.complaints, []);
  });
  return all;
}

/** Somebody at the page. The methods say what a person does, by the names that a screen reader says. */
export class Person {
  context;
  page;
  username;
  /** What their browser hangs on, if it can be cut off. */
  wire;
  /** What the browser complained of: a policy that was broken, a script that failed. */
  complaints = [];

  /** `wired`: with a wire of their own. */
  static async arrive(browser, { wired = false, ...options } = {}) {
    const person = new Person();
    if (wired) person.wire = await Wire.lay();
    const proxy = person.wire?.proxy;
    const context = await browser.newContext({
      locale: "en-GB",
      timezoneId: "UTC",
      ...(proxy && { proxy }),
      ...options,
    });
    return person.#come(context);
  }

  /** Somebody new, in a context that there is. */
  static async signedUpIn(context) {
    const person = await new Person().#come(context);
    person.username = stranger();
    await person.#signUp("");
    return person;
  }

  async #come(context) {
    this.context = context;
    this.context.setDefaultTimeout(PATIENCE_MS);
    this.page = await this.openTab();
    return this;
  }

  /** Another tab of the same browser, at the notebook. */
  async openTab(path = "/") {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (/Content.Security.Policy|Trusted(HTML|Script)/i.test(message.text())) this.complaints.push(message.text());
    });
    await page.goto(address + path);
    return page;
  }

  async leave() {
    await this.context.close();
    await this.wire?.remove();
  }

  /** Does something at another tab as one does it at the first. */
  at(page) {
    return Object.assign(Object.create(this), { page });
  }

  static async signedUp(browser, { displayName = "", username = stranger(), ...options } = {}) {
    const person = await Person.arrive(browser, options);
    person.username = username;
    try {
      await person.#signUp(displayName);
    } catch (error) {
      await person.leave();
      throw error;
    }
    return person;
  }

  async #signUp(displayName) {
    await this.page.getByRole("link", { name: "Create account" }).click();
    await this.page.getByLabel("Username").fill(this.username);
    await this.page.getByLabel("Display name").fill(displayName);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Create account" }).click();
    await this.isConnected();
  }

  async signIn() {
    await this.page.getByLabel("Username").fill(this.username);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Sign in" }).click();
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

  /** Waits until the editor says so of what was written. */
  async isSaved() {
    await this.page.locator(".saving").getByText("Saved", { exact: true }).waitFor();
  }

  /** Goes to an address of the page. */
  async goTo(hash) {
    await this.page.evaluate((hash) => (location.hash = hash), hash);
  }

  /** A title in the list. */
  listed(title) {
    return this.page
      .getByRole("navigation", { name: "All notes" })
      .getByRole("link")
      .filter({
        has: this.page.getByText(title, { exact: true }),
      });
  }

  /** All titles in the list, from its top. */
  titles() {
    return this.page.getByRole("navigation", { name: "All notes" }).locator(".title");
  }

  heading(name) {
    return this.page.getByRole("heading", { level: 1, name, exact: true });
  }

  async write(title, body) {
    await this.page.getByRole("link", { name: "New note" }).click();
    await this.fill(title, body);
    await this.save();
    await this.heading(title).waitFor();
  }

  async open(title) {
    await this.listed(title).click();
    await this.heading(title).waitFor();
  }

  async edit() {
    await this.page.getByRole("link", { name: "Edit", exact: true }).click();
    await this.heading("Edit note").waitFor();
  }

  async fill(title, body) {
    await this.field("Title").fill(title);
    await this.field("Text").fill(body);
  }

  /** A field of the editor. */
  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  async save() {
    await this.page.getByRole("button", { name: "Save", exact: true }).click();
  }

  async comment(message) {
    await this.page.getByLabel("Write a comment").fill(message);
    await this.page.getByRole("button", { name: "Add comment" }).click();
  }

  /** A comment below the note. */
  commented(message) {
    return this.page.getByRole("region", { name: "Comments" }).locator("li .body").getByText(message, { exact: true });
  }

  /** The buttons that delete a comment. */
  deleteButtons() {
    return this.page.getByRole("button", { name: "Delete comment by" });
  }

  /** Deletes the note that is open, and does not wait until it cannot be undone any more. */
  async delete() {
    await this.page.getByRole("button", { name: "Delete", exact: true }).click();
    await this.page.getByRole("button", { name: "Delete now" }).click();
  }
}
