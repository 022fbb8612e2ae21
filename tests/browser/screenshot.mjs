// Takes the README's pictures: `tests/with-cloud npm --prefix tests/browser run screenshot`.

import { fileURLToPath } from "node:url";
import { launch, TestUser } from "./browser.mjs";

const picture = (name) => fileURLToPath(new URL(`screenshots/${name}.png`, import.meta.url));

const notes = [
  ["Books for the reading circle", "- The Left Hand of Darkness\n- Invisible Cities\n- Middlemarch"],
  ["Retrospective", "**Kept:** short meetings.\n**Dropped:** the long ones."],
  ["Who waters the plants", "Mondays Grace, Thursdays Ada."],
  ["Where we have lunch", "See [the list](https://example.com/)."],
  ["Onboarding", "1. A laptop\n2. A key\n3. A friend"],
  [
    "Release on Thursday",
    "## Before\n\n- [x] Freeze on **Wednesday at noon**\n- [x] Read the change log together\n- [ ] Ship, then cake\n\n## How\n\n```sh\nsam build && sam deploy\n```",
  ],
];

const browser = await launch();
try {
  const window = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 };
  const ada = await TestUser.signedUp(browser, {
    ...window,
    username: "ada",
    displayName: "Ada",
    colorScheme: "light",
  });
  const grace = await TestUser.signedUp(browser, {
    ...window,
    username: "grace",
    displayName: "Grace",
    colorScheme: "dark",
  });
  for (const [title, body] of notes) await ada.write(title, body);
  const [last] = notes.at(-1);
  await grace.open(last);
  await grace.comment("Lemon or carrot? I can bake one.");
  await ada.commented("Lemon or carrot? I can bake one.").waitFor();
  for (const person of [ada, grace]) await person.page.locator(".fresh").first().waitFor({ state: "detached" });

  // Each sees the caret of the other, with its name for a moment, and what the other has selected.
  await ada.text.getByText("Freeze on").click();
  await ada.text.press("End");
  await grace.text.getByText("Ship, then cake").dblclick();
  await grace.text.press("Shift+End");
  for (const [person, other] of [
    [ada, "Grace"],
    [grace, "Ada"],
  ]) {
    await person.page.locator(".reading-pane").evaluate((pane) => pane.scrollTo({ top: 0 }));
    await person.text.locator(".others-name").getByText(other).waitFor();
  }
  await Promise.all([
    ada.page.screenshot({ path: picture("light") }),
    grace.page.screenshot({ path: picture("dark") }),
  ]);
} finally {
  await browser.close();
}
