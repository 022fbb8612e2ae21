import { expect, test } from "vitest";
import { responseSource } from "./response-source.ts";

const here = "https://notes.example";
const get = (path: string, mode = "cors") =>
  responseSource({ method: "GET", url: new URL(path, here).href, mode }, here);

test("the document comes from the server if it responds", () => {
  expect(get("/", "navigate")).toBe("network first");
  expect(get("/?from=home", "navigate")).toBe("network first");
});

test("a check for a newer page always asks the server", () => {
  expect(get("/")).toBe("network");
});

test("files named by their content come from the cache", () => {
  expect(get("/assets/index-B2x.js")).toBe("cache first");
});

test("no other request is handled", () => {
  for (const path of [
    "/api/notes",
    "/socket.io/?EIO=4",
    "/service-worker.js",
    "/manifest.webmanifest",
    "/icons/icon.svg",
  ]) {
    expect(get(path), path).toBe("network");
    expect(get(path, "navigate"), path).toBe("network");
  }
  expect(responseSource({ method: "POST", url: `${here}/`, mode: "navigate" }, here)).toBe("network");
  expect(responseSource({ method: "HEAD", url: `${here}/assets/a.js`, mode: "cors" }, here)).toBe("network");
});

test("requests to other sites are not handled", () => {
  expect(responseSource({ method: "GET", url: "https://example.org/assets/a.js", mode: "no-cors" }, here)).toBe(
    "network",
  );
});
