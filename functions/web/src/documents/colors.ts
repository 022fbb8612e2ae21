// The colors of carets. A person has the same one in every note and on every device.

export interface CaretColor {
  /** The color of the caret, with enough contrast to the page in both themes. */
  color: string;
  /** The color behind the selected text. */
  colorLight: string;
}

/** Each hue for light and for dark themes. */
const HUES = [
  ["#d21e1e", "#ee8787"],
  ["#9c5916", "#e4913f"],
  ["#6b6b0f", "#aaaa18"],
  ["#457811", "#69b71a"],
  ["#117845", "#1bbb6b"],
  ["#117878", "#1ab7b7"],
  ["#1b6bbb", "#67a8e9"],
  ["#4c4ce6", "#9d9df1"],
  ["#8f3be3", "#bf8fef"],
  ["#bb1bbb", "#ec79ec"],
  ["#c91d73", "#ed82b8"],
] as const;

/** The opacity of selections, in hexadecimal. */
const LIGHT = "33";

/** Returns the colors of a user. */
export function colorOf(username: string): CaretColor {
  let hash = 0;
  for (const character of username) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  const [light, dark] = HUES[hash % HUES.length]!;
  return { color: `light-dark(${light}, ${dark})`, colorLight: `light-dark(${light}${LIGHT}, ${dark}${LIGHT})` };
}
