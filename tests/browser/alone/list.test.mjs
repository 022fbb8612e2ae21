// The list of titles: it is always current, and rows under the pointer do not move.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers, titled, until } from "../browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Creates notes over the API, several at a time. The last is the newest. */
async function create({ context }, titles, body = "") {
  for (const title of titles) {
    const answer = await context.request.post(`${address}/api/boards/team/notes`, { data: { title, body } });
    assert.equal(answer.status(), 201);
  }
}

const numbered = (prefix, count) => Array.from({ length: count }, (_, number) => `${prefix} no ${number}`);

/** Returns the position of a title's row on the screen. */
const top = async (person, title) => (await person.listed(title).boundingBox()).y;

const scroll = (person, by) => person.page.locator(".titles").evaluate((list, by) => list.scrollBy({ top: by }), by);

test("a row says who changed the note last, and how long ago", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
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
  const prefix = titled("Still");
  await create(grace, numbered(prefix, 40));
  await ada.listed(`${prefix} no 39`).waitFor();

  // The pointer over the list holds it, at its very top as well.
  await ada.listed(`${prefix} no 38`).hover();
  const before = await top(ada, `${prefix} no 38`);
  const [first, second] = [titled("Newcomer"), titled("Another")];
  await create(grace, [first, second]);
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
  await create(grace, [titled("Third")]);
  await ada.page.getByRole("button", { name: "1 change above" }).waitFor();
  assert.equal(await top(ada, `${prefix} no 25`), focused);
  assert.ok(await row.evaluate((link) => link === document.activeElement));
});

test("a changed row is highlighted for a moment", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Marked");
  await create(grace, [titled("Before")]);
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
  await create(grace, [title]);
  await ada.page.evaluate(() => globalThis.marked);
  await ada.page.locator(".titles li.fresh").filter({ hasText: title }).waitFor({ state: "detached" });
  await ada.listed(title).waitFor();
});

test("older notes load on scrolling, each once, and search finds them all", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const prefix = titled("Many").replaceAll(/\d/g, "x");
  await create(ada, numbered(prefix, 130));
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
  // More than the list shows, so that the page must ask.
  await create(ada, numbered(titled("Counted"), 101));
  const counts = "**/notes?select=count";
  const tooMany = { status: 429, headers: { "Retry-After": "1" }, contentType: "application/problem+json" };
  await ada.page.route(counts, (route) => route.fulfill({ ...tooMany, body: JSON.stringify({ status: 429 }) }), {
    times: 1,
  });
  const refused = ada.page.waitForResponse((response) => response.status() === 429);
  await ada.page.reload();
  await refused;
  // Nothing else changes notes now. Every count costs a part of the user's quota, so the test asks once.
  const { count } = await (await ada.context.request.get(`${address}/api/boards/team/notes?select=count`)).json();
  await until(async () => {
    const shown = (await ada.page.locator(".count").textContent()).replace(/\D/g, "");
    return Number(shown) === count;
  }, "the page shows the number of notes");
});

test("ten thousand titles scroll smoothly", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const rows = 10_000;
  // The responses of the server, replaced by ten thousand rows of the page's form.
  const at = (number) => new Date(Date.UTC(2020, 0, 1) + (rows - number) * 1000).toISOString();
  const row = (number) => ({ key: `n${number}`, title: `Note number ${number}`, updated: at(number), editor: "ada" });
  await ada.page.route("**/api/boards/team/notes?cursor=*", async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("cursor"));
    const notelist = Array.from({ length: 100 }, (_, index) => row(from + index));
    await route.fulfill({ json: { notelist, ...(from + 100 < rows && { cursor: String(from + 100) }) } });
  });
  await ada.page.route("**/api/boards/team/notes", async (route) => {
    await route.fulfill({ json: { notelist: [], cursor: "0" } });
  });
  await create(ada, numbered(titled("Full"), 101));
  await ada.page.getByRole("searchbox").fill("number");
  await ada.page.getByText("10,000 notes found").waitFor();
  assert.ok((await ada.titles().count()) < 60, "only what is seen is drawn");

  // Compared in turns with an empty box of the same height, so that a slow machine slows both.
  const [list, empty] = await ada.page.evaluate(async () => {
    const titles = document.querySelector(".titles");
    const box = Object.assign(document.createElement("div"), { className: "titles" });
    const inner = document.createElement("div");
    inner.style.height = `${titles.scrollHeight}px`;
    box.append(inner);
    box.style.height = `${titles.clientHeight}px`;
    document.body.append(box);
    const times = new Map([titles, box].map((each) => [each, []]));
    const drawn = () => new Promise(requestAnimationFrame);
    for (let frame = 1; frame <= 120; frame += 1) {
      for (const [each, taken] of times) {
        await drawn();
        const begun = performance.now();
        each.scrollTop = ((each.scrollHeight - each.clientHeight) * frame) / 120;
        await drawn();
        taken.push(performance.now() - begun);
      }
    }
    box.remove();
    return [...times.values()].map((taken) => taken.sort((one, other) => one - other)[60]);
  });
  assert.ok(list < 2 * empty, `half of the frames take more than ${list} ms, and without rows ${empty} ms`);
  await ada.listed("Note number 9999").waitFor();
});
