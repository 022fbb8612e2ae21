// Draws the page's icons that have to be pictures of one size, from those that have none: `node tests/browser/icons.mjs`.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const file = (name) => fileURLToPath(new URL(`../../functions/web/public/icons/${name}`, import.meta.url));

const pictures = [
  ["icon.svg", "icon-192.png", 192],
  ["icon.svg", "icon-512.png", 512],
  ["maskable.svg", "maskable-512.png", 512],
  // Where this one is shown, its corners are cut off, and what is transparent becomes black.
  ["maskable.svg", "apple-touch-icon.png", 180],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // Chromium's sandbox does not start as root, as which containers run.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  for (const [drawing, picture, size] of pictures) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const source = (await readFile(file(drawing))).toString("base64");
    await page.setContent(`<body style="margin: 0"><img width="${size}" height="${size}" style="display: block"
      src="data:image/svg+xml;base64,${source}">`);
    await page.locator("img").evaluate((image) => image.decode());
    await page.screenshot({ path: file(picture), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
