// A file's lines, in parcels that the server takes. The file is never held as a whole: it may be larger than memory.

/** The most lines that are sent at once: about as many as are put back in a second. 1,000 would be taken. */
export const MOST_LINES = 250;

/** When there are so many bytes, no further line is sent along. 4 MiB would be taken, and no note's line is half as long. */
export const ENOUGH = 1_048_576;

/** A line that is longer is no note's, and would not be taken. */
export const LONGEST_LINE = 2_097_152;

/** A line that is not blank, with its end, in the pieces that it was read in; without them if it is too long. */
export interface Line {
  pieces: Uint8Array<ArrayBuffer>[];
  /** How many bytes of the file it takes, with the blank lines before it. */
  bytes: number;
  /** How many lines of the file it takes, with the blank lines before it. */
  lines: number;
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Some lines to be sent together, or one that is too long to be sent. */
export type Parcel = { tooLong: false; lines: Line[] } | { tooLong: true; lines: [Line] };

export async function* parcels(file: Bytes): AsyncGenerator<Parcel> {
  let lines: Line[] = [];
  let bytes = 0;
  for await (const line of linesOf(file)) {
    const tooLong = line.pieces.length === 0;
    if (lines.length > 0 && (tooLong || lines.length === MOST_LINES || bytes >= ENOUGH)) {
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

/** What blank lines are of: the white space of JSON, and a byte order mark in UTF-8. */
const BLANK = new Set([9, NEWLINE, 13, 32, 0xef, 0xbb, 0xbf]);

const noLine = (): Line => ({ pieces: [], bytes: 0, lines: 0 });

async function* linesOf(file: Bytes): AsyncGenerator<Line> {
  // Not every browser's streams can be gone through with `for await`.
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
        if (length > LONGEST_LINE) line.pieces = [];
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
