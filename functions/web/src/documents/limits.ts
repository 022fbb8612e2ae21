// The limits of an update. The editor holds the limit of a text.

/** Maximum size of an update over the live connection. Larger ones are sent over HTTP. */
export const MAX_FRAME_BYTES = 16_384;

/** Maximum size of an update over HTTP. Larger ones are sent in pieces. */
export const MAX_REQUEST_BYTES = 307_200;
