import { expect, test } from "vitest";
import { answerTo } from "./answers.ts";

const here = "https://notes.example";
const get = (path: string, mode = "cors") => answerTo({ method: "GET", url: new URL(path, here).href, mode }, here);

test("the document is the server's, as long as it answers", () => {
  expect(get("/", "navigate")).toBe("network first");
  expect(get("/?from=home", "navigate")).toBe("network first");
});

test("who looks for a newer page gets the server's answer and no other", () => {
  expect(get("/")).toBe("network");
});

test("files that are named by their content are those that were kept", () => {
  expect(get("/assets/index-B2x.js")).toBe("kept first");
});

test("nothing else passes through", () => {
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
  expect(answerTo({ method: "POST", url: `${here}/`, mode: "navigate" }, here)).toBe("network");
  expect(answerTo({ method: "HEAD", url: `${here}/assets/a.js`, mode: "cors" }, here)).toBe("network");
});

test("other sites are none of its business", () => {
  expect(answerTo({ method: "GET", url: "https://example.org/assets/a.js", mode: "no-cors" }, here)).toBe("network");
});
