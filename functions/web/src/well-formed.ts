// Texts that a server can read. A text field can hold half of a character (a lone surrogate), for example when a paste was
// cut off. JSON parsers of other languages refuse that.

/** The JSON of a value. Each half character in it becomes U+FFFD, as browsers do wherever they send text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? part.toWellFormed() : part));
}

/** A copy of a value for JSON, with whole characters only. */
export function wellFormed(value: unknown): unknown {
  return JSON.parse(toJson(value));
}
