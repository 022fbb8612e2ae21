import { beforeEach, expect, test, vi } from "vitest";
import { commandKey, type Pressed, singleKey } from "./keyboard.ts";

beforeEach(() => {
  vi.stubGlobal("navigator", { platform: "Linux x86_64" });
});

interface Held extends Partial<Omit<Pressed, "getModifierState">> {
  altGr?: boolean;
}

/** Creates the event of a key as browsers report it: its character, its position, and the modifiers. */
const press = (key: string, code: string, { altGr = false, ...held }: Held = {}): Pressed => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  getModifierState: (name) => altGr && name === "AltGraph",
  ...held,
});

const ctrl = { ctrlKey: true };
const shift = { shiftKey: true };

test.each([
  ["an American layout", "s", "KeyS"],
  ["Caps Lock", "S", "KeyS"],
  ["a Russian layout", "ы", "KeyS"],
  ["a Russian layout with Caps Lock", "Ы", "KeyS"],
  ["a Greek layout", "σ", "KeyS"],
  ["a Hebrew layout", "ד", "KeyS"],
  ["an Arabic layout", "س", "KeyS"],
  ["a Thai layout", "ห", "KeyS"],
  ["a Korean layout", "ㄴ", "KeyS"],
  ["a Japanese layout that writes kana", "と", "KeyS"],
  ["a layout that writes wide letters", "ｓ", "KeyS"],
  ["a Dvorak layout", "s", "Semicolon"],
])("Ctrl+S is recognized on %s", (_, key, code) => {
  expect(commandKey(press(key, code, ctrl))).toBe("s");
  expect(commandKey(press(key, code, { metaKey: true }))).toBe("s");
});

test.each([
  ["S's place on a Dvorak layout", press("o", "KeyS", ctrl)],
  ["S's place on a Turkish F layout", press("ı", "KeyS", ctrl)],
  ["Ctrl+Shift+S", press("S", "KeyS", { ...ctrl, ...shift })],
  ["Ctrl+Alt+S", press("s", "KeyS", { ...ctrl, altKey: true })],
  ["AltGr+S, as Windows reports it", press("ś", "KeyS", { ...ctrl, altKey: true, altGr: true })],
  ["S alone", press("s", "KeyS")],
  ["an input method's key", press("s", "KeyS", { ...ctrl, isComposing: true })],
  ["an input method's key in Safari", press("s", "KeyS", { ...ctrl, keyCode: 229 })],
])("%s is not Ctrl+S", (_, event) => expect(commandKey(event)).not.toBe("s"));

test("Enter with Ctrl or Command is recognized, except during a composition", () => {
  expect(commandKey(press("Enter", "Enter", ctrl))).toBe("Enter");
  expect(commandKey(press("Enter", "NumpadEnter", { metaKey: true }))).toBe("Enter");
  expect(commandKey(press("Enter", "Enter", { ...ctrl, isComposing: true }))).toBeUndefined();
});

test.each([
  ["n", press("n", "KeyN")],
  ["n", press("N", "KeyN")],
  ["n", press("т", "KeyN")],
  ["n", press("ν", "KeyN")],
  ["n", press("n", "KeyL")],
  ["?", press("?", "Slash", shift)],
  ["?", press("?", "Minus", shift)],
  ["?", press("؟", "Slash", shift)],
  ["?", press("ฦ", "Slash", shift)],
  ["?", press("？", "Slash", shift)],
  ["/", press("/", "Slash")],
  ["/", press("/", "Digit7", shift)],
  ["/", press("ظ", "Slash")],
  ["#", press("#", "Digit3", shift)],
  ["#", press("#", "Backslash")],
  ["#", press("№", "Digit3", shift)],
  ["#", press("#", "Digit3", { altGr: true })],
  ["#", press("#", "Digit3", { ...ctrl, altKey: true, altGr: true })],
  ["Escape", press("Escape", "Escape")],
])("%s is recognized alone: %o", (key, event) => expect(singleKey(event)).toBe(key));

test.each([
  ["n", press("N", "KeyN", shift)],
  ["n", press("n", "KeyN", { ...shift })],
  ["n", press("b", "KeyN")],
  ["n", press("n", "KeyN", ctrl)],
  ["n", press("n", "KeyN", { metaKey: true })],
  ["n", press("n", "KeyN", { altKey: true })],
  ["n", press("n", "KeyN", { altGr: true })],
  ["n", press("n", "KeyN", { isComposing: true })],
  ["#", press("£", "Digit3", shift)],
  ["#", press("3", "Digit3")],
  ["#", press("№", "Digit3", { ...ctrl, ...shift })],
  ["/", press("-", "Slash")],
  ["/", press("/", "Slash", { altKey: true })],
  ["?", press("?", "Slash", { ...shift, altKey: true })],
  ["?", press("Process", "Slash", { ...shift, keyCode: 229 })],
])("another key, or another state, is not %s: %o", (key, event) => expect(singleKey(event)).not.toBe(key));

test("on a Mac, Option writes characters", () => {
  vi.stubGlobal("navigator", { platform: "MacIntel" });
  expect(singleKey(press("#", "Digit3", { altKey: true }))).toBe("#");
  expect(singleKey(press("e", "KeyE", { altKey: true }))).toBeUndefined();
  expect(singleKey(press("#", "Digit3", { altKey: true, ctrlKey: true }))).toBeUndefined();
});

test("a field that the browser fills in presses no key", () => {
  const filled = new Event("keydown") as unknown as Pressed;
  expect(singleKey(filled)).toBeUndefined();
  expect(commandKey(filled)).toBeUndefined();
});
