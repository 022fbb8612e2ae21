// Whether a file may be an export, told by how it begins. Of a file that cannot be one nothing is sent.

import { messages } from "../messages.ts";

/** How much of a file is looked at, in bytes. Some of its first lines may be damaged or too long. */
const LOOKED_AT = 16 * 1_048_576;

/** An object that begins on a line, as each line of an export does. */
const LINE = /^\uFEFF?[ \t]*\{[ \t]*["}]/m;

/** Returns why the file cannot be an export, as the end of a sentence that begins with its name. */
export async function whyNoExport(file: Blob): Promise<string | undefined> {
  const why = messages.account.import;
  let bytes: ArrayBuffer;
  try {
    bytes = await file.slice(0, LOOKED_AT).arrayBuffer();
  } catch {
    return why.noFile;
  }
  const text = new TextDecoder().decode(bytes, { stream: true });
  if (LINE.test(text)) return undefined;
  if (text.trim() === "") return why.empty;
  const [first, second] = new Uint8Array(bytes);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return why.utf16;
  // JSON has no zero bytes, and is UTF-8.
  if (/[\0\uFFFD]/.test(text)) return why.binary;
  return /^\s*\[/.test(text) ? why.array : why.noLines;
}
