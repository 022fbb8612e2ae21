// Finds violations of accessibility rules with axe-core.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Returns the violations in a view, one line each. The options are axe-core's. */
export async function violations({ page }, options = {}) {
  // The browser evaluates this itself, because the page's policy allows no other script.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (options) => globalThis.axe.run(document, { resultTypes: ["violations"], ...options }),
    options,
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html.slice(0, 200)}`));
}
