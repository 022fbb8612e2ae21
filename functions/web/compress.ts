// Compresses the built files in advance: `x` gets an `x.br` and an `x.gz`.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const encodings: [string, (content: Buffer) => Promise<Buffer>][] = [
  [
    ".br",
    (content) =>
      promisify(brotliCompress)(content, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
        },
      }),
  ],
  [".gz", (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION })],
];

export function compress(): Plugin {
  return {
    name: "notes:compress",
    apply: "build",
    async writeBundle({ dir }) {
      if (dir === undefined) throw new Error("the build has no output directory");
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const content = await readFile(path);
        for (const [suffix, encode] of encodings) {
          const encoded = await encode(content);
          // A file that does not get smaller is served uncompressed.
          if (encoded.length < content.length) await writeFile(path + suffix, encoded);
        }
      }
    },
  };
}
