// Readers of a note on a slow connection: a user who has left is not listed.

import { after, before, test } from "node:test";
import { launch, testUsers, titled, until } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const asked = (frame) => frame.startsWith("40/notes,");
const answered = asked;

/** Ways to leave a note before the server responds to the request to join it. */
const departures = [
  ["goes back", ({ page }) => page.goBack()],
  ["goes to the list", ({ page }) => page.getByRole("link", { name: "Notes", exact: true }).click()],
  ["opens another note", (person, other) => person.listed(other).click()],
  ["closes the tab", ({ page }) => page.close()],
];

for (const delay of [0, 200, 400, 800]) {
  for (const [how, depart] of delay === 400 ? departures : departures.slice(0, 1)) {
    test(`a user who ${how} at once is not shown as a reader, with ${delay} ms of delay in each direction`, async (t) => {
      const [ada, mary] = await testUsers(t, browser, 2);
      const [grace] = await testUsers(t, browser, 1, { wired: true });
      const { wire } = grace;
      const [other, title] = [titled("Another"), titled("Seen in passing")];
      await ada.write(other, "");
      await ada.write(title, "");
      await grace.listed(title).waitFor();
      // When a tab is closed, her browser has another.
      await grace.openTab();
      wire.delay = delay;
      await grace.listed(title).click();
      await until(() => wire.sent.some(asked), "she asks to join");
      await depart(grace, other);
      await until(() => wire.received.some(answered), "the server lets her in");

      // A later message of the server lists all current readers.
      await mary.open(title);
      await ada.page.getByText(`Also here: ${mary.username}`, { exact: true }).waitFor();
    });
  }
}

test("a user who signs out before joining a note is not shown as a reader", async (t) => {
  const [ada, mary] = await testUsers(t, browser, 2);
  const [grace] = await testUsers(t, browser, 1, { wired: true });
  const title = titled("Seen in passing");
  await ada.write(title, "");
  await grace.listed(title).waitFor();
  grace.wire.delay = 400;
  await grace.listed(title).click();
  await until(() => grace.wire.sent.some(asked), "she asks to join");
  await grace.signOut();
  await until(() => grace.wire.tunnels === 0, "her connection ends");
  await mary.open(title);
  await ada.page.getByText(`Also here: ${mary.username}`, { exact: true }).waitFor();
});
