import { expect, test, vi } from "vitest";
import { linkTo } from "./links.ts";

test.each(["https://example.org/a?b=c#d", "http://example.org/", "HTTPS://EXAMPLE.ORG/"])(
  "%s leads to another page",
  (address) => expect(linkTo(address)).toEqual({ href: new URL(address).href, away: true }),
);

test("e-mail addresses and other notes are not external links", () => {
  expect(linkTo("mailto:ada@example.org")).toEqual({ href: "mailto:ada@example.org", away: false });
  expect(linkTo("#/notes/0198-a.b~c")).toEqual({ href: "#/notes/0198-a.b~c", away: false });
});

test("notes of this notebook open here, whichever address they have", () => {
  vi.stubGlobal("location", { origin: "https://notes.example" });
  const here = (hash: string) => ({ href: hash, away: false });
  for (const hash of ["#/notes/plan", "#/boards/team/notes/plan", "#/boards/team/notes/plan/at/how-to"]) {
    expect(linkTo(hash)).toEqual(here(hash));
    expect(linkTo(`https://notes.example/${hash}`)).toEqual(here(hash));
  }
  const elsewhere = [
    "https://other.example/#/notes/plan",
    "https://notes.example/?a#/notes/plan",
    "https://notes.example/",
  ];
  for (const address of elsewhere) expect(linkTo(address)?.away).toBe(true);
  vi.unstubAllGlobals();
});

test("a name after # leads to a heading", () => {
  expect(linkTo("#how-to")).toEqual({ href: "#how-to", away: false, isHeading: true });
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "java\tscript:alert(1)",
  "\u0000javascript:alert(1)",
  "\u0001\u001fjavascript:alert(1)",
  "javascript&colon;alert(1)",
  "javascript%3Aalert(1)",
  "vbscript:msgbox(1)",
  "data:text/html,<script>alert(1)</script>",
  "DATA:text/html;base64,PHNjcmlwdD4=",
  "blob:https://example.org/0198",
  "file:///etc/passwd",
  "filesystem:https://example.org/a",
  "intent://example.org/#Intent;end",
  "view-source:https://example.org/",
  "//example.org/",
  "/api/session",
  "https:example",
  "#/new",
  "#/notes/",
  "#/notes/a?b",
  "?",
  "",
])("%j leads nowhere, or to where a browser says that it leads", (address) => {
  // `https:example` is the only absolute URL here. It is written out in full, so that it cannot mean a path of this site.
  expect(linkTo(address)?.href).toBe(address === "https:example" ? "https://example/" : undefined);
});

test("a line break does not change the target of a URL", () => {
  expect(linkTo("https://exa\nmple.org/")?.href).toBe("https://example.org/");
});

test("a URL of more than 2,000 characters is not a link", () => {
  expect(linkTo(`https://example.org/${"a".repeat(2_000)}`)).toBeUndefined();
});
