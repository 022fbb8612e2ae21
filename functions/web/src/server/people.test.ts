import { expect, test } from "vitest";
import { People } from "./people.ts";

test("nothing is known of a username until it was looked up", async () => {
  const people = new People(async (username) => (username === "ada" ? { gone: true } : {}));
  expect(people.of("ada").value).toEqual({ known: false });
  await Promise.all([people.look("ada"), people.look("bob")]);
  expect(people.of("ada").value).toEqual({ known: true, gone: true });
  expect(people.of("bob").value).toEqual({ known: true, gone: false });
});

test("all who ask at the same time ask once, and later ones again", async () => {
  const asked: string[] = [];
  const people = new People(async (username) => {
    asked.push(username);
    return { gone: asked.length > 1 };
  });
  await Promise.all([people.look("ada"), people.look("ada")]);
  expect(asked).toEqual(["ada"]);
  await people.look("ada");
  expect(people.of("ada").value).toEqual({ known: true, gone: true });
});

test("a question that fails leaves what was known", async () => {
  let fails = false;
  const people = new People(async () => {
    if (fails) throw new Error("unreachable");
    return { gone: true };
  });
  await people.look("ada");
  fails = true;
  await people.look("ada");
  expect(people.of("ada").value).toEqual({ known: true, gone: true });
});
