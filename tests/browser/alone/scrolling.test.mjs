// A long list scrolls as smoothly as an empty box.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, testUsers } from "../browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

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
  // More than the list shows at once, so that it has more to read.
  for (let number = 0; number <= 100; number += 1) {
    const data = { title: `Full no ${number}`, body: "" };
    const answer = await ada.context.request.post(`${address}/api/boards/team/notes`, { data });
    assert.equal(answer.status(), 201);
  }
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
