// The lines of a file, in batches that the server accepts. The file may be larger than memory, so it is never held as a whole.

/** Maximum number of lines in a batch: about as many as the server imports in a second. The server accepts 1,000. */
export const MAX_LINES = 250;

/** Number of bytes at which a batch ends. The server accepts 4 MiB, and the line of a note is shorter than half of that. */
export const TARGET_BYTES = 1_048_576;

/** Maximum number of bytes in a line. No note is longer, and the server rejects longer lines. */
export const MAX_LINE_BYTES = 2_097_152;

/** A line that is not blank, in the pieces that it was read in. A line that is too long has no pieces. */
export interface Line {
  pieces: Uint8Array<ArrayBuffer>[];
  /** Number of bytes of the line and of the blank lines before it. */
  bytes: number;
  /** Number of lines of the file: this one and the blank lines before it. */
  lines: number;
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Lines to send together, or one line that is too long to send. */
export type Batch = { tooLong: false; lines: Line[] } | { tooLong: true; lines: [Line] };

export async function* batches(file: Bytes): AsyncGenerator<Batch> {
  let lines: Line[] = [];
  let bytes = 0;
  for await (const line of linesOf(file)) {
    const tooLong = line.pieces.length === 0;
    if (lines.length > 0 && (tooLong || lines.length === MAX_LINES || bytes >= TARGET_BYTES)) {
      yield { tooLong: false, lines };
      [lines, bytes] = [[], 0];
    }
    if (tooLong) yield { tooLong, lines: [line] };
    else {
      lines.push(line);
      bytes += line.bytes;
    }
  }
  if (lines.length > 0) yield { tooLong: false, lines };
}

const NEWLINE = 10;

/** The bytes of blank lines: the white space of JSON, and a byte order mark in UTF-8. */
const BLANK = new Set([9, NEWLINE, 13, 32, 0xef, 0xbb, 0xbf]);

const noLine = (): Line => ({ pieces: [], bytes: 0, lines: 0 });

async function* linesOf(file: Bytes): AsyncGenerator<Line> {
  // Not every browser can iterate over a stream with `for await`.
  const reader = file.getReader();
  try {
    let line = noLine();
    let length = 0;
    let blank = true;
    for (;;) {
      const { done, value: chunk } = await reader.read();
      if (done) break;
      for (let from = 0; from < chunk.length; ) {
        const newline = chunk.indexOf(NEWLINE, from);
        const end = newline < 0 ? chunk.length : newline + 1;
        const piece = chunk.subarray(from, end);
        line.bytes += piece.length;
        length += piece.length;
        blank &&= piece.every((byte) => BLANK.has(byte));
        if (length > MAX_LINE_BYTES) line.pieces = [];
        else line.pieces.push(piece);
        if (newline >= 0) {
          line.lines += 1;
          if (blank) line.pieces = [];
          else {
            yield line;
            line = noLine();
          }
          [length, blank] = [0, true];
        }
        from = end;
      }
    }
    if (!blank) {
      line.lines += 1;
      yield line;
    }
  } finally {
    await reader.cancel();
  }
}
