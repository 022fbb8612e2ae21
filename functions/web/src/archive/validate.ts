// Checks by its beginning whether a file may be an export. Nothing is sent of other files.

import { messages } from "../messages.ts";

/** Number of bytes to check. The first lines of an export may be damaged or too long. */
const CHECKED_BYTES = 16 * 1_048_576;

/** An object that begins on a line, as each line of an export does. */
const LINE = /^\uFEFF?[ \t]*\{[ \t]*["}]/m;

/** Returns why a file is not an export, as the end of a sentence that begins with its name. */
export async function validateExport(file: Blob): Promise<string | undefined> {
  const reasons = messages.account.import;
  let bytes: ArrayBuffer;
  try {
    bytes = await file.slice(0, CHECKED_BYTES).arrayBuffer();
  } catch {
    return reasons.noFile;
  }
  const text = new TextDecoder().decode(bytes, { stream: true });
  if (LINE.test(text)) return undefined;
  if (text.trim() === "") return reasons.empty;
  const [first, second] = new Uint8Array(bytes);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return reasons.utf16;
  // JSON has no zero bytes, and is UTF-8.
  if (/[\0\uFFFD]/.test(text)) return reasons.binary;
  return /^\s*\[/.test(text) ? reasons.array : reasons.noLines;
}
