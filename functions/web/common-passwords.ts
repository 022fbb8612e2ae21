// The most common passwords, for the page's hint. The server refuses passwords from the same list
// (functions/http/build/common_passwords.rs). They are sorted by frequency, which the estimate needs.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/** Number of passwords. They are 105 KiB when compressed. The whole list would be 200. */
const COUNT = 30_000;

const NAME = "virtual:common-passwords";

export function commonPasswords(): Plugin {
  return {
    name: "notes:common-passwords",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const packaged = createRequire(import.meta.url).resolve("@zxcvbn-ts/language-common");
      const file = new URL("../src/passwords.json", `file://${packaged}`);
      const passwords = JSON.parse(await readFile(file, "utf8")) as string[];
      const common = passwords.slice(0, COUNT).filter((password) => !password.includes(" "));
      return `export default ${JSON.stringify(common.join(" "))};`;
    },
  };
}
