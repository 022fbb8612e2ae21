// The passwords that are tried first, for the page's hint: of the list from which build.rs takes those that are refused, as
// many as the page can load in a moment. It is in the order of how common they are, which an estimate needs.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/** All of them would be 200 KiB when compressed; these are 105. */
const MOST = 30_000;

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
      const most = passwords.slice(0, MOST).filter((password) => !password.includes(" "));
      return `export default ${JSON.stringify(most.join(" "))};`;
    },
  };
}
