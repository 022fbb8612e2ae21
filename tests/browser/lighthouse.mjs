// Runs Lighthouse on the list and on a note, without audits that depend on the machine's speed:
// `tests/with-cloud npm --prefix tests/browser run lighthouse`. Fails if it finds anything.

import { audited } from "./audited.mjs";

const CATEGORIES = ["accessibility", "best-practices"];

const LEAST = 95;

let failed = false;
await audited(async (pages, look) => {
  for (const [name, url] of Object.entries(pages)) {
    const { categories, audits } = await look(url, CATEGORIES);
    const scores = CATEGORIES.map((category) => [category, Math.round(categories[category].score * 100)]);
    console.log(`${name}: ${scores.map(([category, score]) => `${category} ${score}`).join(", ")}`);
    if (scores.every(([, score]) => score >= LEAST)) continue;
    failed = true;
    const lost = CATEGORIES.flatMap((category) => categories[category].auditRefs).map(({ id }) => audits[id]);
    for (const { id, score, title } of lost) if (score !== null && score < 1) console.log(`  ${id}: ${title}`);
  }
});
if (failed) {
  console.error(`Lighthouse gives less than ${LEAST}.`);
  process.exit(1);
}
