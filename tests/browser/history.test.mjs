// The history of a note: its earlier versions, what each would change, and restoring one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const LIST = "- Milk\n- Bread\n- Eggs\n- Apples";

const button = ({ page }, name) => page.getByRole("button", { name, exact: true });

const dialog = ({ page }) => page.getByRole("dialog", { name: "History" });

const versions = (user) => dialog(user).getByRole("radio");

/** What restoring the selected version would change. */
const changes = (user) => dialog(user).getByRole("region", { name: "Changes" });

/** Writes a note over the API. Each text that is more than twice as long as the next one becomes an earlier version at once. */
async function written(drafts) {
  let url;
  for (const { by, title, body, board } of drafts) url = await by.writeVersion({ title, body }, { url, board });
  const isKept = ({ body }, index) => index + 1 < drafts.length && body.length > 2 * drafts[index + 1].body.length;
  await drafts[0].by.hasVersions(url, drafts.filter(isKept).length);
}

/** Writes a note whose first text is an earlier version, because the second one is less than half as long. Opens it. */
async function replaced(users, first, second, board) {
  const [by] = users;
  const title = titled("Shopping");
  await written([
    { by, title, body: first, board },
    { by, title, body: second },
  ]);
  for (const user of users) {
    await user.open(title);
    await user.textIs(second);
  }
  return title;
}

/** Writes a note with two earlier versions, and opens it. */
async function replacedTwice(by) {
  const title = titled("Shopping");
  await written([LIST, "", "- Coffee", ""].map((body) => ({ by, title, body })));
  await by.open(title);
  await by.textIs("");
}

/** Opens the history, and waits until it shows what restoring the newest version would change. */
async function openHistory(user) {
  await user.act("History");
  await button(user, "Restore this version").waitFor();
}

async function restore(user) {
  await button(user, "Restore this version").click();
  await user.page.getByText("Version restored.").waitFor();
  await dialog(user).waitFor({ state: "detached" });
}

const textHasFocus = ({ text }) => text.evaluate((text) => text === document.activeElement);

test("a text that was deleted and saved comes back, and others see it come", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Shopping");
  const url = await ada.writeVersion({ title, body: LIST });
  for (const person of [ada, grace]) {
    await person.open(title);
    await person.textIs(LIST);
  }
  await ada.replaceText("");
  await ada.isSaved();
  await grace.textIs("");
  await ada.hasVersions(url, 1);
  await openHistory(ada);
  await dialog(ada).getByText("Restoring adds 4 lines and removes 0 lines.").waitFor();
  await restore(ada);
  assert.ok(await textHasFocus(ada));
  for (const person of [ada, grace]) await person.textIs(LIST);
  await ada.isSaved();
});

test("the list shows who wrote each version and when, and a version shows what restoring it would change", async (t) => {
  const [adasName, gracesName] = [titled("Ada"), titled("Grace")];
  const [ada] = await testUsers(t, browser, 1, { displayName: adasName });
  const [grace] = await testUsers(t, browser, 1, { displayName: gracesName });
  const [shopping, groceries] = [titled("Shopping"), titled("Groceries")];
  await written([
    { by: ada, title: shopping, body: LIST },
    { by: grace, title: shopping, body: "- Milk" },
    { by: grace, title: shopping, body: "- Milk\n- Tea\n- Coffee" },
    { by: ada, title: groceries, body: "- Milk!" },
  ]);
  for (const person of [ada, grace]) await person.open(groceries);

  await openHistory(grace);
  const { day, time } = await dialog(grace)
    .locator("time")
    .first()
    .evaluate(({ dateTime }) => {
      const format = (options) => new Intl.DateTimeFormat("en-GB", options).format(new Date(dateTime));
      return { day: format({ dateStyle: "medium" }), time: format({ timeStyle: "short" }) };
    });
  const ofDay = dialog(grace).getByRole("group", { name: day });
  await ofDay.getByRole("radio", { name: `${time} ${gracesName}`, exact: true, checked: true }).waitFor();
  await changes(grace).getByText("Added: - Tea").waitFor();

  await dialog(grace)
    .getByRole("radio", { name: new RegExp(`^\\d\\d:\\d\\d ${adasName}$`) })
    .check();
  await changes(grace).getByText(`Removed: ${groceries}`).waitFor();
  await changes(grace).getByText(`Added: ${shopping}`).waitFor();
  await changes(grace).getByText("Removed: - Milk!").waitFor();
  await changes(grace).getByText("Added: - Apples").waitFor();
  await restore(grace);
  for (const person of [ada, grace]) {
    await person.heading(shopping).waitFor();
    await person.textIs(LIST);
  }
});

test("what another person writes meanwhile is merged with a restored version", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2, { wired: true });
  await replaced([ada, grace], LIST, "- Milk");
  await openHistory(ada);
  ada.wire.cut();
  await ada.isOffline();
  await restore(ada);
  await ada.isKept();
  await grace.text.press("Control+Home");
  await grace.page.keyboard.type("Today:\n");
  await grace.isSaved();
  ada.wire.mend();
  for (const person of [ada, grace]) await person.textIs(`Today:\n${LIST}`);
});

test("the caret of another person stays where it is when a version is restored", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  await replaced([ada, grace], `- Butter\n${LIST}`, "- Milk");
  await grace.text.press("Control+End");
  for (let left = 0; left < 2; left += 1) await grace.text.press("ArrowLeft");
  await openHistory(ada);
  await restore(ada);
  await grace.textIs(`- Butter\n${LIST}`);
  await grace.page.keyboard.type("|");
  await ada.textIs(`- Butter\n${LIST.replace("Milk", "Mi|lk")}`);
});

test("an open history follows what others write", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  await replaced([ada, grace], LIST, "- Milk");
  await openHistory(ada);
  await grace.text.press("Control+Home");
  await grace.page.keyboard.type("Today:\n");
  await changes(ada).getByText("Removed: Today:").waitFor();
  await grace.text.press("Control+A");
  await grace.paste(LIST);
  await dialog(ada).getByText("The text is the same as now.").waitFor();
  assert.ok(await button(ada, "Restore this version").isDisabled());
});

test("undo takes back a restored version, and nothing that was typed before or after it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await replaced([ada], LIST, "");
  await ada.text.click();
  await ada.page.keyboard.type("- Tea");
  await openHistory(ada);
  await restore(ada);
  await ada.textIs(LIST);
  await ada.text.press("Control+End");
  await ada.page.keyboard.type("!");
  await ada.textIs(`${LIST}!`);
  await ada.text.press("Control+Z");
  await ada.textIs(LIST);
  await ada.text.press("Control+Z");
  await ada.textIs("- Tea");
  await ada.text.press("Control+Y");
  await ada.textIs(LIST);
});

test("the history is used with the keyboard alone", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await replacedTwice(ada);
  const { keyboard } = ada.page;
  const focusIs = (name) =>
    ada.page.waitForFunction((name) => {
      const { ariaLabel, textContent } = document.activeElement;
      return (ariaLabel ?? textContent) === name;
    }, name);
  const open = async () => {
    await keyboard.press("Enter");
    for (const name of ["Copy link", "Print", "Details", "History"]) {
      await keyboard.press("Tab");
      await focusIs(name);
    }
    await keyboard.press("Enter");
    await changes(ada).getByText("Added: - Coffee").waitFor();
  };

  await button(ada, "More actions").focus();
  await open();
  assert.ok(
    await versions(ada)
      .first()
      .evaluate((first) => first === document.activeElement),
  );
  await keyboard.press("ArrowDown");
  await changes(ada).getByText("Added: - Apples").waitFor();
  await keyboard.press("Escape");
  await dialog(ada).waitFor({ state: "detached" });
  await focusIs("More actions");
  await ada.textIs("");

  await open();
  await keyboard.press("ArrowDown");
  await changes(ada).getByText("Added: - Apples").waitFor();
  await keyboard.press("Tab");
  await focusIs(await changes(ada).evaluate(({ ariaLabel, textContent }) => ariaLabel ?? textContent));
  await keyboard.press("Tab");
  await focusIs("Restore this version");
  await keyboard.press("Enter");
  await dialog(ada).waitFor({ state: "detached" });
  await focusIs("Text");
  await ada.textIs(LIST);
});

test("older versions follow page by page", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.page.route(/\/versions(\?|$)/, (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set("limit", "1");
    return route.continue({ url: url.href });
  });
  await replacedTwice(ada);
  await openHistory(ada);
  assert.equal(await versions(ada).count(), 1);
  await button(ada, "Show older").click();
  await versions(ada).nth(1).check();
  await changes(ada).getByText("Added: - Apples").waitFor();
});

test("a failure says what to do, and nothing is lost", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  await replaced([ada], LIST, "- Milk");
  ada.wire.cut();
  await ada.isOffline();
  await ada.act("History");
  await dialog(ada).getByText("Notes cannot be reached. Check your connection and try again.").waitFor();
  ada.wire.mend();
  await button(ada, "Try again").click();
  await button(ada, "Restore this version").waitFor();
  await ada.page.keyboard.press("Escape");

  // Versions are thinned out. The list may still have one that is gone.
  const problem = { type: "https://notes.example/problems/no-such-version", title: "No such version" };
  const gone = { status: 404, contentType: "application/problem+json", body: JSON.stringify(problem) };
  await ada.page.route(/\/versions\/\d+$/, (route) => route.fulfill(gone));
  await ada.act("History");
  await dialog(ada).getByText("This version is gone").waitFor();
  assert.equal(await button(ada, "Restore this version").count(), 0);
  await ada.page.keyboard.press("Escape");
  await ada.textIs("- Milk");
});

test("a session that ends while the history is open leaves what was typed", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = await replaced([ada], LIST, "- Milk");
  await openHistory(ada);
  await ada.context.request.delete(new URL("/api/session", ada.page.url()).href);
  await ada.page.getByText("Your session has ended. Sign in to continue.").waitFor();
  await dialog(ada).waitFor({ state: "detached" });
  await ada.signIn();
  await ada.heading(title).waitFor();
  await ada.textIs("- Milk");
});

test("a note without earlier versions says so, and a new note has no history", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.page.getByRole("link", { name: "New note" }).click();
  await button(ada, "More actions").click();
  await button(ada, "Print").waitFor();
  assert.equal(await button(ada, "History").count(), 0);
  await ada.page.keyboard.press("Escape");
  const title = titled("Fresh");
  await ada.writeVersion({ title, body: "" });
  await ada.open(title);
  await ada.act("History");
  await dialog(ada).getByText("No earlier versions yet").waitFor();
  await button(ada, "Close").click();
  await dialog(ada).waitFor({ state: "detached" });
});

test("a reader of a board has no history", async (t) => {
  const [ada, eve] = await testUsers(t, browser, 2);
  const board = await ada.createBoard(titled("Kitchen"), { [eve.username]: "reader" });
  for (const person of [ada, eve]) await person.goTo(`#/boards/${board}`);
  const title = await replaced([ada], LIST, "- Milk", board);
  await eve.open(title);
  await eve.article.getByText("Milk").waitFor();
  for (const name of ["More actions", "History"]) assert.equal(await button(eve, name).count(), 0);
});
