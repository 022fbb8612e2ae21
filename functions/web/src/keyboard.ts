// Finds the key of a shortcut in a keyboard event, for all layouts and modifiers.

/** The part of a keyboard event that identifies the key. */
export type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "keyCode" | "getModifierState"
>;

/** Matches a letter, mark or digit of a script other than Latin. On such a layout, the position identifies a key. */
const FOREIGN = /^(?![\p{Script=Latin}0-9])[\p{L}\p{M}\p{N}]$/u;

/** The characters of these keys on an American layout, alone and with Shift. The code of a letter key has the letter. */
const BY_PLACE: Readonly<Record<string, readonly [string, string]>> = { Slash: ["/", "?"], Digit3: ["3", "#"] };

/** Characters that some layouts have in place of another one. */
const INSTEAD: Readonly<Record<string, string>> = { "؟": "?", "№": "#" };

const LETTER = /^\p{L}$/u;

/** Returns the key that was pressed with only Ctrl or Command: a letter in lower case, or a name such as `Enter`. */
export function commandKey(event: Pressed): string | undefined {
  if (!isKey(event) || !(event.ctrlKey || event.metaKey)) return undefined;
  return event.altKey || event.shiftKey || hasAltGr(event) ? undefined : keyOf(event);
}

/**
 * Returns the key that was pressed alone: a letter in lower case, another character, or a name such as `Escape`. Shift and
 * AltGr may be part of writing a character. With a letter they are another key.
 */
export function singleKey(event: Pressed): string | undefined {
  if (!isKey(event)) return undefined;
  // On Windows, browsers report AltGr as Ctrl and Alt.
  const written = hasAltGr(event) || (isOption(event) && !event.ctrlKey);
  if (event.metaKey || ((event.ctrlKey || event.altKey) && !written)) return undefined;
  const key = keyOf(event);
  return LETTER.test(key) && (event.shiftKey || written) ? undefined : key;
}

/** Returns whether the event is a key press, and not part of an input method's composition. */
function isKey({ key, isComposing, keyCode }: Pressed): boolean {
  // A browser that fills in a field reports a key press without a key. Safari ends a composition before the event of its last
  // key, and only this code identifies that event.
  return typeof key === "string" && !isComposing && keyCode !== 229;
}

function hasAltGr(event: Pressed): boolean {
  return event.getModifierState("AltGraph");
}

/** Returns whether the event has the Option key of a Mac, which writes characters as AltGr does. */
function isOption(event: Pressed): boolean {
  return event.altKey && /^Mac|^iP/.test(navigator.platform);
}

function keyOf({ key, code, shiftKey }: Pressed): string {
  const character = INSTEAD[key] ?? key.normalize("NFKC");
  if (FOREIGN.test(character)) return byPlace(code, shiftKey) ?? character;
  return [...character].length === 1 ? character.toLowerCase() : key;
}

function byPlace(code: string, shift: boolean): string | undefined {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter?.toLowerCase() ?? BY_PLACE[code]?.[shift ? 1 : 0];
}
