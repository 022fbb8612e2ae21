// Takes the README's pictures: `tests/with-cloud npm --prefix tests/browser run screenshot`.

import { fileURLToPath } from "node:url";
import { Person, launch } from "./browser.mjs";

const picture = (name) => fileURLToPath(new URL(`screenshots/${name}.png`, import.meta.url));

const notes = [
  ["Books for the reading circle", "The Left Hand of Darkness\nInvisible Cities\nMiddlemarch"],
  ["Retrospective", "Kept: short meetings.\nDropped: the long ones."],
  ["Who waters the plants", "Mondays Grace, Thursdays Ada."],
  ["Release on Thursday", "1. Freeze on Wednesday at noon\n2. Read the change log together\n3. Ship, then cake"],
];

const browser = await launch();
try {
  const window = { viewport: { width: 960, height: 720 }, deviceScaleFactor: 2 };
  const ada = await Person.signedUp(browser, { ...window, username: "ada", displayName: "Ada", colorScheme: "light" });
  const grace = await Person.signedUp(browser, {
    ...window,
    username: "grace",
    displayName: "Grace",
    colorScheme: "dark",
  });
  for (const [title, body] of notes) await ada.write(title, body);
  const [last] = notes.at(-1);
  await grace.open(last);
  await grace.comment("Lemon or carrot? I can bake one.");
  await ada.comment("Both.");
  for (const person of [ada, grace]) await person.commented("Both.").waitFor();
  for (const [person, name] of [
    [ada, "light"],
    [grace, "dark"],
  ]) {
    await person.listed(last).waitFor();
    await person.page.screenshot({ path: picture(name) });
  }
} finally {
  await browser.close();
}
