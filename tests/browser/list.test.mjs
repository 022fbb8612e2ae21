// The list of titles: it is always current, and rows under the pointer do not move.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers, titled, until } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens a board of their own at test users, so that no other test changes its list. Returns its ID. */
async function openBoard(owner, ...others) {
  const board = await owner.createBoard(
    titled("List"),
    Object.fromEntries(others.map(({ username }) => [username, "editor"])),
  );
  for (const user of [owner, ...others]) await user.goTo(`#/boards/${board}`);
  return board;
}

/** Creates notes on a board over the API, one after the other. The last is the newest. */
async function create({ context }, board, titles) {
  for (const title of titles) {
    const answer = await context.request.post(`${address}/api/boards/${board}/notes`, { data: { title, body: "" } });
    assert.equal(answer.status(), 201);
  }
}

const numbered = (prefix, count) => Array.from({ length: count }, (_, number) => `${prefix} no ${number}`);

/** Returns the position of a title's row on the screen. */
const top = async (person, title) => (await person.listed(title).boundingBox()).y;

const scroll = (person, by) => person.page.locator(".titles").evaluate((list, by) => list.scrollBy({ top: by }), by);

test("a row says who changed the note last, and how long ago", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  await openBoard(ada, grace);
  const title = titled("Changed");
  await ada.write(title, "");
  await grace.listed(title).getByText(`by ${ada.username}`).waitFor();
  await grace.open(title);
  await grace.replaceText("More.");
  await ada.listed(title).getByText(`by ${grace.username}`).waitFor();
  await ada.listed(title).getByText("just now").waitFor();
});

test("relative times stay current while the page is open", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await openBoard(ada);
  const title = titled("A while ago");
  await ada.page.clock.install();
  await ada.page.reload();
  await ada.write(title, "");
  await ada.listed(title).getByText("just now").waitFor();
  await ada.page.clock.runFor("05:00");
  await ada.listed(title).getByText("5 minutes ago").waitFor();
});

test("rows in view and the focus stay in place while notes change above them", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const board = await openBoard(ada, grace);
  const prefix = titled("Still");
  await create(grace, board, numbered(prefix, 40));
  await ada.listed(`${prefix} no 39`).waitFor();

  // The pointer over the list holds it, at its very top as well.
  await ada.listed(`${prefix} no 38`).hover();
  const before = await top(ada, `${prefix} no 38`);
  const [first, second] = [titled("Newcomer"), titled("Another")];
  await create(grace, board, [first, second]);
  await ada.page.getByRole("button", { name: "2 changes above" }).waitFor();
  assert.equal(await top(ada, `${prefix} no 38`), before);

  await ada.page.getByRole("button", { name: "2 changes above" }).click();
  await ada.page.waitForFunction(() => document.querySelector(".titles").scrollTop === 0);
  await ada.listed(second).waitFor();

  // Scrolled down, and the focus on a row.
  await ada.page.mouse.move(0, 0);
  await scroll(ada, 700);
  const row = ada.listed(`${prefix} no 25`);
  await row.focus();
  const focused = await top(ada, `${prefix} no 25`);
  await create(grace, board, [titled("Third")]);
  await ada.page.getByRole("button", { name: "1 change above" }).waitFor();
  assert.equal(await top(ada, `${prefix} no 25`), focused);
  assert.ok(await row.evaluate((link) => link === document.activeElement));
});

test("a changed row is highlighted for a moment", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const board = await openBoard(ada, grace);
  const title = titled("Marked");
  await create(grace, board, [titled("Before")]);
  await ada.page.reload();
  await ada.isConnected();
  await ada.titles().first().waitFor();
  // The observer sees the mark, even if the page runs rarely.
  await ada.page.evaluate((title) => {
    globalThis.marked = new Promise((seen) => {
      const look = () =>
        [...document.querySelectorAll(".titles li.fresh")].some(({ textContent }) => textContent.includes(title)) &&
        seen();
      new MutationObserver(look).observe(document.querySelector(".titles"), {
        subtree: true,
        childList: true,
        attributes: true,
      });
    });
  }, title);
  await create(grace, board, [title]);
  await ada.page.evaluate(() => globalThis.marked);
  await ada.page.locator(".titles li.fresh").filter({ hasText: title }).waitFor({ state: "detached" });
  await ada.listed(title).waitFor();
});

test("older notes load on scrolling, each once, and search finds them all", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const board = await openBoard(ada);
  const prefix = titled("Many").replaceAll(/\d/g, "x");
  await create(ada, board, numbered(prefix, 130));
  await ada.listed(`${prefix} no 129`).waitFor();
  const seen = new Set();
  await until(async () => {
    for (const title of await ada.titles().allTextContents()) seen.add(title);
    await scroll(ada, 300);
    return seen.has(`${prefix} no 0`);
  }, "the oldest is shown");
  const ours = [...seen].filter((title) => title.startsWith(prefix));
  assert.deepEqual(ours, numbered(prefix, 130).reverse());

  // A search finds older notes that the page has not read yet.
  await ada.page.reload();
  const search = ada.page.getByRole("searchbox", { name: "Search notes by title" });
  await search.fill(`no 12 ${prefix.toUpperCase()}`);
  await ada.listed(`${prefix} no 12`).waitFor();
  await ada.page.getByText("12 notes found").waitFor();
  await search.fill("nothing has this title");
  await ada.page.getByText("No notes found").waitFor();
  await search.press("Escape");
  await ada.listed(`${prefix} no 129`).waitFor();
});

test("the page shows the current number of notes, also after a request for it has failed", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const board = await openBoard(ada);
  // More than the list shows, so that the page must ask.
  await create(ada, board, numbered(titled("Counted"), 101));
  const tooMany = { status: 429, headers: { "Retry-After": "1" }, contentType: "application/problem+json" };
  // The page may ask before it is loaded again, while the notes are created. The first request after that is the one that fails.
  let [isLoadedAgain, hasFailed] = [false, false];
  await ada.page.route("**/notes?select=count", (route) => {
    if (hasFailed) return route.continue();
    hasFailed = isLoadedAgain;
    return route.fulfill({ ...tooMany, body: JSON.stringify({ status: 429 }) });
  });
  isLoadedAgain = true;
  const refused = ada.page.waitForResponse((response) => response.status() === 429);
  await ada.page.reload();
  await refused;
  await until(async () => {
    const shown = (await ada.page.locator(".count").textContent()).replace(/\D/g, "");
    return Number(shown) === 101;
  }, "the page shows the number of notes");
});
