import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastProcessorTime, processorTime } from "../test-time.ts";
import { lines } from "./lines.ts";
import { merge, mergeDraft } from "./merge.ts";

const clean = (text: string) => ({ text, conflicts: 0 });

describe("a text", () => {
  test("keeps what each changed elsewhere", () => {
    expect(merge("one\ntwo\nthree\n", "ONE\ntwo\nthree\n", "one\ntwo\nthree\nfour\n")).toEqual(
      clean("ONE\ntwo\nthree\nfour\n"),
    );
  });

  test("has both versions of lines that both changed, between marks", () => {
    expect(merge("one\ntwo\nthree", "one\n2\nthree", "one\nII\nthree")).toEqual({
      text: "one\n<<<<<<< mine\n2\n=======\nII\n>>>>>>> theirs\nthree",
      conflicts: 1,
    });
  });

  test("names the two as it is told", () => {
    const { text } = merge("a", "b", "c", { mine: "yours", theirs: "as Grace left it" });
    expect(text).toBe("<<<<<<< yours\nb\n=======\nc\n>>>>>>> as Grace left it");
  });

  test("has a change that both made once", () => {
    expect(merge("one\ntwo\nthree\nfour", "1\ntwo\nthree\nfour", "1\ntwo\nthree\n4")).toEqual(
      clean("1\ntwo\nthree\n4"),
    );
  });

  test("has lines that one deleted and the other changed", () => {
    expect(merge("one\ntwo\nthree", "one\nthree", "one\nTWO\nthree")).toEqual({
      text: "one\n<<<<<<< mine\n=======\nTWO\n>>>>>>> theirs\nthree",
      conflicts: 1,
    });
  });

  test("that was empty has what both wrote", () => {
    expect(merge("", "a", "b")).toEqual({ text: "<<<<<<< mine\na\n=======\nb\n>>>>>>> theirs", conflicts: 1 });
    expect(merge("", "a\n", "")).toEqual(clean("a\n"));
    expect(merge("", "", "")).toEqual(clean(""));
  });

  test("that one emptied and the other changed has what is left of both", () => {
    expect(merge("a", "", "b")).toEqual({ text: "<<<<<<< mine\n\n=======\nb\n>>>>>>> theirs", conflicts: 1 });
  });

  test("may have a last line without an end", () => {
    expect(merge("a\nb", "A\nb", "a\nb\n")).toMatchObject({ text: expect.stringContaining("A") });
    expect(merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nd\n")).toEqual(clean("A\nb\nc\nd\n"));
    expect(merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nd")).toEqual(clean("A\nb\nc\nd"));
  });

  test("is not changed by a text field that writes line ends in its own way", () => {
    expect(merge("a\r\nb\r\n", "a\nb\n", "a\r\nc\r\n")).toEqual(clean("a\r\nc\r\n"));
    expect(merge("a\r\nb\r\nc\r\nd", "A\nb\nc\nd", "a\r\nb\r\nc\r\nD")).toEqual(clean("A\nb\nc\nD"));
  });

  test("may have lines named as every object's members are", () => {
    expect(
      merge("constructor\nx\n__proto__", "constructor\ny\n__proto__", "toString\nconstructor\nx\n__proto__\nz"),
    ).toMatchObject({
      conflicts: 0,
    });
  });
});

// Few lines, so that they are often alike.
const text = fc
  .array(fc.constantFrom("", "a", "b", "c", "d", "__proto__"), { maxLength: 12 })
  .map((parts) => parts.join("\n"));
const anyText = fc.oneof(text, fc.string({ unit: "binary" }), fc.constantFrom("\r\n", "a\r\nb", "\r"));

describe("of any texts", () => {
  test("mine stands where nobody else changed anything", () => {
    fc.assert(
      fc.property(anyText, anyText, (base, mine) => {
        expect(lines(merge(base, mine, base).text)).toEqual(lines(mine));
        expect(merge(base, mine, base).conflicts).toBe(0);
      }),
    );
  });

  test("theirs stands where I changed nothing", () => {
    fc.assert(
      fc.property(anyText, anyText, (base, theirs) => {
        expect(merge(base, base, theirs)).toEqual(clean(theirs));
      }),
    );
  });

  test("what both wrote stands once", () => {
    fc.assert(
      fc.property(anyText, anyText, (base, both) => {
        expect(lines(merge(base, both, both).text)).toEqual(lines(both));
        expect(merge(base, both, both).conflicts).toBe(0);
      }),
    );
  });

  test("nothing that either wrote is lost", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (base, mine, theirs) => {
        const [before, after] = [lines(base), lines(merge(base, mine, theirs).text)];
        const written = [...lines(mine), ...lines(theirs)].filter((line) => !before.includes(line));
        expect(written.filter((line) => !after.includes(line))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("without a conflict there are no marks, and with one as many as there are conflicts", () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const merged = merge(base, mine, theirs);
        const marks = lines(merged.text).filter((line) => line === "<<<<<<< mine");
        expect(marks).toHaveLength(merged.conflicts);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** An ordinary long text, of which each changes a tenth of the lines. */
const long = (change = (_: number) => "") =>
  Array.from({ length: 50_000 }, (_, line) => `${line}${change(line)}`).join("\n");
const ordinary = leastProcessorTime(() =>
  merge(
    long(),
    long((line) => (line % 10 === 0 ? "mine" : "")),
    long((line) => (line % 10 === 5 ? "theirs" : "")),
  ),
);

/** How many times as long the others may take. If their time grew with the square of their length, it would be thousands. */
const MOST = 100;

test.each([
  ["lines that are all alike", (count: number) => "\n".repeat(count)],
  ["lines that all differ", (count: number) => Array.from({ length: count / 7 }, (_, line) => line).join("\n")],
  ["two lines by turns", (count: number) => "a\n\n".repeat(count / 3)],
])("a text of 350,000 characters in %s is merged in bounded time", (_, make) => {
  const base = make(350_000);
  const time = processorTime(() => {
    expect(merge(base, `mine\n${base}mine`, `theirs\n${base}theirs`).conflicts).toBe(2);
    // Here nothing is as it was.
    expect(merge(base, base.replaceAll("\n", "mine\n"), base.replaceAll("\n", "theirs\n")).conflicts).toBeGreaterThan(
      0,
    );
  });
  expect(time).toBeLessThan(MOST * ordinary);
});

describe("a draft", () => {
  const draft = (title: string, body = "") => ({ title, body });

  test("has the title of the one who changed it", () => {
    expect(mergeDraft(draft("a"), draft("b"), draft("a"))).toEqual({ draft: draft("b"), conflicts: 0 });
    expect(mergeDraft(draft("a"), draft("a "), draft("b"))).toEqual({ draft: draft("b"), conflicts: 0 });
    expect(mergeDraft(draft("a"), draft("b"), draft("b"))).toEqual({ draft: draft("b"), conflicts: 0 });
  });

  test("has my title if both changed it, and says that it is in conflict", () => {
    expect(mergeDraft(draft("a"), draft("b"), draft("c"))).toEqual({ draft: draft("b"), conflicts: 1 });
  });

  test("counts the conflicts of title and text", () => {
    const merged = mergeDraft(draft("a", "1"), draft("b", "2"), draft("c", "3"), { mine: "me", theirs: "Grace" });
    expect(merged).toEqual({ draft: draft("b", "<<<<<<< me\n2\n=======\n3\n>>>>>>> Grace"), conflicts: 2 });
  });
});
