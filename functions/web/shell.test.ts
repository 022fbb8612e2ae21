import { createHash } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { build } from "vite";
import { expect, test } from "vitest";

const here = (path: string) => new URL(path, import.meta.url);

test("the service worker caches this document and every file named by its content", async () => {
  const built = await build({ root: here(".").pathname, logLevel: "warn", build: { write: false } });
  if (!("output" in built)) throw new Error("expected one build");
  const files = new Map(built.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]));
  const worker = String(files.get("service-worker.js"));

  const named = new Set(worker.match(/\/assets\/[^`"',]+\.[a-z]+/g));
  const assets = [...files.keys()].filter((name) => name.startsWith("assets/")).map((name) => `/${name}`);
  expect(new Set(assets)).toEqual(named);
  expect(assets.length).toBeGreaterThanOrEqual(3);
  expect(worker).toContain(
    createHash("sha256")
      .update(files.get("index.html") ?? "")
      .digest("hex"),
  );
  // A classic script can neither import nor export.
  expect(worker).not.toMatch(/\b(import|export)\b/);
});

test("every icon of the manifest exists", async () => {
  const manifest = JSON.parse(await readFile(here("public/manifest.webmanifest"), "utf8"));
  for (const { src } of manifest.icons) await access(here(`public${src}`));
  const page = await readFile(here("index.html"), "utf8");
  for (const [, path] of page.matchAll(/href="(\/(?:icons|manifest)[^"]*)"/g)) await access(here(`public${path}`));
});

test("the page has one drawing for its icon, and one colour each for light and dark", async () => {
  expect(await readFile(here("public/icons/icon.svg"), "utf8")).toBe(await readFile(here("src/icon.svg"), "utf8"));
  const style = await readFile(here("src/style.css"), "utf8");
  const [, light, dark] = /--surface: light-dark\((#\w+), (#\w+)\)/.exec(style) ?? [];
  const page = await readFile(here("index.html"), "utf8");
  const colours = [...page.matchAll(/name="theme-color" media="[^"]+" content="(#\w+)"/g)].map(([, colour]) => colour);
  expect(colours).toEqual([light, dark]);
});
