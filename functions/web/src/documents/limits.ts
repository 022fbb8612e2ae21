// The limits of a note's text and of its updates.

/** Maximum size of a text in UTF-8, as on the server. */
export const MAX_TEXT_BYTES = 262_144;

/** Maximum size of an update over the live connection. Larger ones are sent over HTTP. */
export const MAX_FRAME_BYTES = 16_384;

/** Maximum size of an update over HTTP. Larger ones are sent in pieces. */
export const MAX_REQUEST_BYTES = 307_200;

/** Returns the size of a text in UTF-8. */
export function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
