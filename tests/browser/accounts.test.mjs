// Deleted accounts, as the page shows them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, PASSWORD, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("a note stays when its author deletes the account, and says so", async (t) => {
  // The first account of a cloud may be the last administrator's, and cannot be deleted then.
  const [grace] = await testUsers(t, browser, 1);
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("Left behind");
  await ada.write(title, "To whom it may concern.");
  await ada.comment("Goodbye.");
  await grace.open(title);
  await grace.commented("Goodbye.").waitFor();
  assert.equal(await grace.page.getByText("(account deleted)").count(), 0);

  const status = await ada.page.evaluate(async (password) => {
    const headers = { "content-type": "application/json" };
    const deletion = { method: "POST", headers, body: JSON.stringify({ password }) };
    return (await fetch("/api/account/deletion", deletion)).status;
  }, PASSWORD);
  assert.equal(status, 204);
  await grace.page.reload();
  await grace.article.getByText("To whom it may concern.").waitFor();
  const bylines = grace.page.locator(".byline").filter({ hasText: `${ada.username} (account deleted)` });
  await bylines.nth(1).waitFor();
  assert.equal(await bylines.count(), 2, "the note's and the comment's");
});
