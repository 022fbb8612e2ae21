// Several people write one note through random faults. In the end all have the same text, and nothing that was typed is lost.

import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import type { OpenDocument } from "./open-document.ts";
import { FakeBrowser, type FakeTab, pass, settle, until } from "./testing/browser.ts";
import { FakeServer } from "./testing/server.ts";

declare const setImmediate: (callback: () => void) => void;

const SEED = "The text that was there first.";

const TABS = 4;

type Step =
  | { kind: "type"; tab: number; at: number; length: number }
  | { kind: "delete"; tab: number; at: number; length: number }
  | { kind: "crash" | "close" | "offline" | "online" | "break"; tab: number }
  | { kind: "merge" }
  | { kind: "pass"; ms: number };

const tab = fc.nat(TABS - 1);
const at = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("type" as const), tab, at, length: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("delete" as const), tab, at, length: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("crash", "close", "offline", "online", "break"), tab }) },
  { weight: 1, arbitrary: fc.constant({ kind: "merge" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(250, 1_000, 3_000, 12_000) }),
  },
);

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A tab of a person, opened again after it was closed or has crashed. */
class Writer {
  readonly browser: FakeBrowser;
  /** The characters that were typed in this tab. */
  readonly typed = new Set<string>();
  #tab: FakeTab | undefined;
  document: OpenDocument | undefined;

  constructor(browser: FakeBrowser) {
    this.browser = browser;
  }

  async open(): Promise<OpenDocument | undefined> {
    this.#tab ??= await this.browser.openTab();
    this.document ??= this.#tab.open("plan");
    await settle();
    return this.document.state.value === "ready" ? this.document : undefined;
  }

  async crash(): Promise<void> {
    await this.#tab?.crash();
    this.#tab = undefined;
    this.document = undefined;
  }

  close(): void {
    this.#tab?.close();
    this.document = undefined;
  }
}

class World {
  readonly server = new FakeServer();
  readonly writers: Writer[];
  readonly deleted = new Set<string>();
  #count = 0;

  constructor(seed: number, faults: number) {
    const random = generator(seed);
    this.server.write("plan", SEED);
    this.server.losesResponse = () => random() < faults;
    this.server.losesEvent = () => random() < faults;
    // Messages overtake each other, and some edits arrive twice.
    this.server.deliver = (message) => {
      const deliver = (turns: number) => (turns === 0 ? message() : setImmediate(() => deliver(turns - 1)));
      deliver(Math.floor(random() * 4));
    };
    const ada = new FakeBrowser(this.server, "ada");
    const others = ["grace", "ken"].map((username) => new FakeBrowser(this.server, username));
    this.writers = [ada, ada, ...others].map((browser) => new Writer(browser));
  }

  async perform(step: Step): Promise<void> {
    if (step.kind === "pass") return pass(step.ms);
    if (step.kind === "merge") return this.server.merge();
    const writer = this.writers[step.tab]!;
    switch (step.kind) {
      case "crash":
        return writer.crash();
      case "close":
        return writer.close();
      case "offline":
        return writer.browser.goOffline();
      case "online":
        return writer.browser.goOnline();
      case "break":
        return writer.browser.breakConnections();
      case "type":
      case "delete": {
        const document = await writer.open();
        if (document !== undefined) this.#edit(writer, document, step);
        return settle();
      }
    }
  }

  #edit(writer: Writer, { text }: OpenDocument, { kind, at, length }: Step & { kind: "type" | "delete" }): void {
    const index = Math.floor(at * text.length);
    if (kind === "delete") {
      for (const character of text.toString().slice(index, index + length)) this.deleted.add(character);
      text.delete(index, Math.min(length, text.length - index));
    } else {
      // Each typed character is another one, so that each can be found.
      const typed = Array.from({ length }, () => String.fromCharCode(0x4e00 + this.#count++));
      for (const character of typed) writer.typed.add(character);
      text.insert(index, typed.join(""));
    }
  }

  /** What a tab shows as saved is on the server, whatever happens next. */
  check(): void {
    const stored = this.server.textOf("plan")!;
    for (const { document, typed } of this.writers) {
      if (document?.state.value !== "ready" || document.saving.value !== "saved") continue;
      const shown = document.text.toString();
      const isMissing = (character: string) => !stored.includes(character) && !this.deleted.has(character);
      expect([...typed].filter((character) => shown.includes(character) && isMissing(character))).toEqual([]);
    }
  }

  /** Ends all faults, and waits until everybody has the same text. */
  async converge(): Promise<void> {
    this.server.losesResponse = () => false;
    this.server.losesEvent = () => false;
    for (const writer of this.writers) writer.browser.goOnline();
    await until(async () => {
      this.server.merge();
      const documents: (OpenDocument | undefined)[] = [];
      for (const writer of this.writers) documents.push(await writer.open());
      const stored = this.server.textOf("plan");
      return documents.every((document) => document?.saving.value === "saved" && document.text.toString() === stored);
    });
    const text = this.server.textOf("plan")!;
    const typed = this.writers.flatMap((writer) => [...writer.typed]);
    expect([...text].filter((character) => character >= "\u4e00").sort()).toEqual(
      typed.filter((character) => !this.deleted.has(character)).sort(),
    );
  }
}

/** Returns random numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("whatever fails meanwhile, all pages end with the same text, and nothing that was typed is lost", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  const steps = fc.array(step, { minLength: 10, maxLength: 30 });
  const faults = fc.constantFrom(0, 0.1, 0.3);
  await fc.assert(
    fc.asyncProperty(steps, fc.integer(), faults, async (steps, seed, faults) => {
      const world = new World(seed, faults);
      try {
        for (const step of steps) {
          await world.perform(step);
          world.check();
        }
        await world.converge();
      } finally {
        for (const writer of world.writers) await writer.crash();
        // Nothing of this world goes on in the next one.
        vi.clearAllTimers();
      }
    }),
    { numRuns: 20 },
  );
});
