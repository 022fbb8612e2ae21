// Draws the page's bitmap icons from the vector icons: `node tests/browser/icons.mjs`.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const file = (name) => fileURLToPath(new URL(`../../functions/web/public/icons/${name}`, import.meta.url));

const pictures = [
  ["icon.svg", "icon-192.png", 192],
  ["icon.svg", "icon-512.png", 512],
  ["maskable.svg", "maskable-512.png", 512],
  // Systems cut the corners of this icon, and show transparent parts in black.
  ["maskable.svg", "apple-touch-icon.png", 180],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // Containers run as root, and Chromium's sandbox does not start as root.
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
