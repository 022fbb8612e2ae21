// Which key of a shortcut somebody pressed, whatever the layout of their keyboard and whatever else is pressed or on.

/** What of a keyboard event says it. */
export type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "keyCode" | "getModifierState"
>;

/** A letter, mark or digit of another script than Latin: on such a layout, a key is known by where it is. */
const FOREIGN = /^(?![\p{Script=Latin}0-9])[\p{L}\p{M}\p{N}]$/u;

/** What these keys write where the layout is American, alone and with Shift. Letters are known by their name. */
const BY_PLACE: Readonly<Record<string, readonly [string, string]>> = { Slash: ["/", "?"], Digit3: ["3", "#"] };

/** What layouts have in the place of a character that they lack. */
const INSTEAD: Readonly<Record<string, string>> = { "؟": "?", "№": "#" };

const LETTER = /^\p{L}$/u;

/** The key that was pressed with Ctrl or Command and nothing else: a letter in lower case, or a name such as `Enter`. */
export function commandKey(event: Pressed): string | undefined {
  if (!isKey(event) || !(event.ctrlKey || event.metaKey)) return undefined;
  return event.altKey || event.shiftKey || hasAltGr(event) ? undefined : keyOf(event);
}

/**
 * The key that was pressed by itself: a letter in lower case, another character, or a name such as `Escape`. Shift and AltGr
 * may be needed to write a character; with a letter they make another key.
 */
export function singleKey(event: Pressed): string | undefined {
  if (!isKey(event)) return undefined;
  // Windows has browsers say that Ctrl and Alt are pressed with AltGr.
  const written = hasAltGr(event) || (isOption(event) && !event.ctrlKey);
  if (event.metaKey || ((event.ctrlKey || event.altKey) && !written)) return undefined;
  const key = keyOf(event);
  return LETTER.test(key) && (event.shiftKey || written) ? undefined : key;
}

/** Whether the event is of a key, and not of an input method that is putting a character together with it. */
function isKey({ key, isComposing, keyCode }: Pressed): boolean {
  // A browser that fills in a field says that a key was pressed, and not which. Safari ends a composition before it says which
  // key did, and then has only this code left to tell.
  return typeof key === "string" && !isComposing && keyCode !== 229;
}

function hasAltGr(event: Pressed): boolean {
  return event.getModifierState("AltGraph");
}

/** On a Mac, Alt writes characters as AltGr does. */
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
