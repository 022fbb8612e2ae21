import { describe, expect, test } from "vitest";
import { ownWorkers, SERVICE_WORKER } from "./own-workers.ts";

const live = "/assets/live-worker-B2x.js";
const made: string[] = [];
const browser = {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }) {
    made.push(name);
    return { createScriptURL: (address: string) => `trusted ${rules.createScriptURL(address)}` };
  },
};

describe.each([
  ["with Trusted Types", browser, "trusted "],
  ["without Trusted Types", undefined, ""],
])("in a browser %s", (_, types, mark) => {
  const own = ownWorkers([SERVICE_WORKER, live], types);

  test("the URLs of both workers are allowed", () => {
    expect(own(SERVICE_WORKER)).toBe(mark + SERVICE_WORKER);
    expect(own(live)).toBe(mark + live);
  });

  test.each([
    "",
    "/",
    "/service-worker.js?",
    "/service-worker.js#a",
    "//service-worker.js",
    "service-worker.js",
    "/Service-Worker.js",
    "/assets/live-worker.js",
    "https://example.org/service-worker.js",
    "data:text/javascript,1",
    "blob:https://notes.example/0198",
  ])("%j does not", (address) => {
    expect(() => own(address)).toThrow("is not a worker of this page");
  });
});

test("one policy exists, with the name that the content security policy allows", () => {
  expect(made).toEqual(["own-workers"]);
});
