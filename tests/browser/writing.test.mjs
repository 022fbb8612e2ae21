// Writing: text is saved automatically, survives failures, and never silently replaces another user's text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, testUsers, titled } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("text saves itself when the typing stops and when the user leaves", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("By itself");
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(title, "First.");
  await ada.isSaved();
  await grace.open(title);
  await grace.page.getByText("First.").waitFor();

  await ada.field("Text").fill("Second.");
  await grace.page.getByText("Second.").waitFor();
  await ada.field("Text").fill("Third.");
  await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
  await grace.page.getByText("Third.").waitFor();
  assert.equal(await ada.page.getByText("Not saved yet").count(), 0);
});

test("Markdown is rendered in the preview and in the note", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("Formatted");
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(title, "# Heading\n\n**bold** and <b>raw</b>\n\n[away](https://example.com/)");
  const preview = ada.page.getByRole("region", { name: "Preview" });
  await preview.getByRole("heading", { name: "Heading" }).waitFor();
  await ada.save();
  await ada.heading(title).waitFor();
  const text = ada.page.getByRole("article");
  await text.locator("strong").getByText("bold").waitFor();
  await text.getByText("<b>raw</b>").waitFor();
  const link = text.getByRole("link", { name: "away" });
  assert.equal(await link.getAttribute("target"), "_blank");
  assert.match(await link.getAttribute("rel"), /noopener/);
});

test("a text that the server tidies is saved once", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  let puts = 0;
  ada.page.on("request", (request) => (puts += request.method() === "PUT" ? 1 : 0));
  for (const edge of ["\u0085", "\ufeff", "\u200b", "\u00a0", "\ud83d"]) {
    puts = 0;
    await ada.page.getByRole("link", { name: "New note" }).click();
    // As a paste does it: this cannot be typed.
    const paste = (field, text) =>
      ada.field(field).evaluate((element, text) => {
        element.value = text;
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, text);
    await paste("Text", `Milk${edge}`);
    await paste("Title", `${titled("Tidied")}${edge}`);
    await ada.isSaved();
    // Leaving saves at once what is not saved yet.
    await ada.page.getByRole("link", { name: "Notes", exact: true }).click();
    await ada.heading("Team").waitFor();
    assert.equal(puts, 1, JSON.stringify(edge));
  }
});

test("a comment with half a character is sent with a replacement for it", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  const title = titled("Commented");
  await ada.write(title, "Milk");
  await ada.page.getByLabel("Write a comment").evaluate((element) => {
    element.value = "cut \ud83d";
    element.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await ada.page.getByRole("button", { name: "Add comment" }).click();
  await ada.commented("cut \ufffd").waitFor();
});

test("a note without a title is not saved, and says so", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.field("Text").fill("No title yet.");
  await ada.page.getByText("Not saved yet: a note needs a title").waitFor();
  await ada.field("Title").fill(titled("At last"));
  await ada.isSaved();
});

test("a validation error appears at the field, and the corrected text is saved", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.field("Title").fill("x".repeat(300));
  await ada.page.getByText("Title must be").waitFor();
  assert.equal(await ada.field("Title").getAttribute("aria-invalid"), "true");
  await ada.field("Title").fill(titled("Short"));
  await ada.isSaved();
});

test("a draft survives a tab that is killed, and is offered again", async (t) => {
  // A worker that died with its tab does not always start again under the debugger of these tests, so the next page waits for
  // it. In this test, pages work without workers.
  const [ada] = await testUsers(t, browser, 1, { wired: true, serviceWorkers: "block" });
  await ada.context.addInitScript(() => delete globalThis.SharedWorker);
  await ada.page.reload();
  const [fresh, edited] = [titled("Never sent"), titled("Edited")];
  await ada.write(edited, "As it was.");
  ada.wire.cut();
  await ada.isOffline();
  await ada.edit();
  await ada.field("Text").fill("As it should be.");
  await ada.page.getByText("Offline: kept in this browser").waitFor();
  await ada.page.getByRole("link", { name: "New note" }).click();
  // The fields of the former note have the same names.
  await ada.heading("New note").waitFor();
  await ada.fill(fresh, "Typed just now.");
  await ada.page.getByText("Offline: kept in this browser").waitFor();
  await ada.page.goto("chrome://crash").catch(() => {});
  ada.wire.mend();

  const back = ada.at(await ada.openTab());
  const unsaved = back.page.getByRole("region", { name: "Unsaved notes" });
  await unsaved.getByRole("link", { name: edited }).click();
  await back.page.getByText("This is what you had begun to write.").waitFor();
  assert.equal(await back.field("Text").inputValue(), "As it should be.");
  await back.save();
  await back.heading(edited).waitFor();
  await back.page.getByRole("article").getByText("As it should be.").waitFor();
  // The note stays live after the editor of a resumed draft has closed.
  await back.page.getByText("No comments yet").waitFor();

  await back.page.getByRole("link", { name: "New note" }).click();
  assert.equal(await back.field("Title").inputValue(), fresh);
  assert.equal(await back.field("Text").inputValue(), "Typed just now.");
  await back.save();
  await back.heading(fresh).waitFor();
  await unsaved.waitFor({ state: "detached" });
});

test("text written offline is saved once the connection is back", async (t) => {
  const [ada] = await testUsers(t, browser, 1, { wired: true });
  const [grace] = await testUsers(t, browser, 1);
  const [here, left] = [titled("Open"), titled("Left")];
  ada.wire.cut();
  await ada.isOffline();
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(left, "Written first.");
  await ada.save();
  await ada.heading("Team").waitFor();
  await ada.page.getByRole("region", { name: "Unsaved notes" }).getByText(left).waitFor();
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.fill(here, "Written second.");
  await ada.page.getByText("Offline: kept in this browser").waitFor();

  ada.wire.mend();
  for (const title of [left, here]) await grace.listed(title).waitFor();
  await ada.isSaved();
  await ada.page.getByRole("region", { name: "Unsaved notes" }).waitFor({ state: "detached" });
});

test("a user with unsaved text is asked before signing out", async (t) => {
  const [ada] = await testUsers(t, browser, 1);
  await ada.page.getByRole("link", { name: "New note" }).click();
  await ada.field("Text").fill("Without a title it is not saved.");
  await ada.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await ada.page.getByRole("dialog").getByText("You have 1 unsaved text.").waitFor();
  await ada.page.getByRole("button", { name: "Stay signed in" }).click();
  assert.equal(await ada.field("Text").inputValue(), "Without a title it is not saved.");
  await ada.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await ada.page.getByRole("button", { name: "Sign out and delete" }).click();
  await ada.heading("Sign in").waitFor();
});

/** Two who have changed the same note, the second without knowing of the first. */
async function conflict(t, text, adas, graces) {
  const [ada] = await testUsers(t, browser, 1);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const title = titled("Shared");
  await ada.write(title, text);
  await grace.open(title);
  await grace.edit();
  grace.wire.cut();
  await grace.isOffline();
  await ada.edit();
  await ada.fill(title, adas);
  await ada.save();
  await ada.heading(title).waitFor();
  await grace.field("Text").fill(graces);
  grace.wire.mend();
  const region = grace.page.getByRole("region", { name: "Someone changed this note" });
  await region.waitFor();
  assert.equal(await grace.field("Text").inputValue(), graces);
  return { ada, grace, title, region };
}

test("two who edit one note: the second is shown the differences and saves over the first", async (t) => {
  const { ada, grace, title, region } = await conflict(t, "One\nTwo", "One\nAda's", "One\nGrace's");
  const differences = region.getByRole("group", { name: "What differs" });
  await differences.locator(".theirs").getByText("Ada's").waitFor();
  await differences.locator(".mine").getByText("Grace's").waitFor();
  await differences.locator(".same").getByText("One").waitFor();
  await ada.page.getByText("Ada's").waitFor();

  await grace.page.getByRole("button", { name: "Save mine over it" }).click();
  await grace.heading(title).waitFor();
  for (const { page } of [ada, grace]) await page.getByRole("article").getByText("Grace's").waitFor();
});

test("a user in a conflict can keep the other text", async (t) => {
  const { grace, title } = await conflict(t, "One", "Ada's", "Grace's");
  await grace.page.getByRole("button", { name: "Keep theirs, drop mine" }).click();
  await grace.heading(title).waitFor();
  await grace.page.getByRole("article").getByText("Ada's").waitFor();
});

test("changes in different places are put together, looked over, and saved", async (t) => {
  const lines = (first, last) => `${first}\nkept\nkept\nkept\n${last}`;
  const { ada, grace, title } = await conflict(t, lines("a", "z"), lines("Ada's", "z"), lines("a", "Grace's"));
  await grace.page.getByRole("button", { name: "Put both together" }).click();
  await grace.page.getByText("Both changes are in the text below now.").waitFor();
  assert.equal(await grace.field("Text").inputValue(), lines("Ada's", "Grace's"));
  await grace.save();
  await grace.heading(title).waitFor();
  await ada.page.getByRole("article").getByText("Grace's").waitFor();
});

test("changes in the same place are both kept and marked, and nothing is saved before somebody looked", async (t) => {
  const { ada, grace } = await conflict(t, "One", "Ada's", "Grace's");
  await grace.page.getByRole("button", { name: "Put both together" }).click();
  await grace.page.getByText("1 place was changed by both").waitFor();
  const text = await grace.field("Text").inputValue();
  assert.ok(text.includes("Ada's") && text.includes("Grace's") && text.includes("====="), text);
  await grace.page.getByText("Not saved yet", { exact: true }).waitFor();
  await grace.field("Text").fill("Ada's and Grace's");
  await grace.save();
  await ada.page.getByRole("article").getByText("Ada's and Grace's").waitFor();
});

test("an editor without changes follows what another user saves", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Followed");
  await ada.write(title, "First.");
  await grace.open(title);
  await grace.edit();
  await ada.edit();
  await ada.field("Text").fill("Second.");
  await grace.page.waitForFunction(() => document.querySelector("textarea").value === "Second.");
  await grace.field("Text").fill("Third.");
  await grace.isSaved();
  assert.equal(await grace.page.getByRole("region", { name: "Someone changed" }).count(), 0);
});

test("a deletion can be undone for ten seconds, and the comments stay", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Thought better of");
  await ada.write(title, "");
  await ada.comment("Do not lose me.");
  await ada.commented("Do not lose me.").waitFor();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await ada.heading("Team").waitFor();
  await ada.listed(title).waitFor({ state: "detached" });
  await grace.listed(title).waitFor();
  await ada.page.getByRole("button", { name: "Undo" }).click();
  await ada.heading(title).waitFor();
  await ada.commented("Do not lose me.").waitFor();
  await ada.listed(title).waitFor();
});

test("a note is deleted after ten seconds, or earlier when the page is closed", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const [waited, left] = [titled("Waited for"), titled("Left behind")];
  await ada.write(waited, "");
  await grace.listed(waited).waitFor();
  const deleted = Date.now();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await grace.listed(waited).waitFor({ state: "detached" });
  assert.ok(Date.now() - deleted >= 10_000);

  await ada.write(left, "");
  await grace.listed(left).waitFor();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await ada.heading("Team").waitFor();
  await ada.page.goto("about:blank");
  await grace.listed(left).waitFor({ state: "detached" });
});

test("a note that has just changed is not deleted, and the page says why", async (t) => {
  const [ada, grace] = await testUsers(t, browser, 2);
  const title = titled("Changed");
  await ada.write(title, "");
  await grace.open(title);
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await grace.edit();
  await grace.field("Text").fill("Do not delete this.");
  await grace.isSaved();
  await ada.page.getByRole("button", { name: "Delete now" }).click();
  await ada.page.getByText(`“${title}” was not deleted. Someone has just changed it.`).waitFor();
  await ada.page.getByRole("link", { name: "View note" }).click();
  await ada.page.getByText("Do not delete this.").waitFor();
});
