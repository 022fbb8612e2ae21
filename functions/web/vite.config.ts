import { defineConfig } from "vite";
import { commonPasswords } from "./common-passwords.ts";
import { compress } from "./compress.ts";
import { shell } from "./shell.ts";

export default defineConfig({
  plugins: [commonPasswords(), shell(), compress()],
  // The worker that the tabs share is made of modules, as the page is.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The page's policy (functions/http/src/page.rs) allows no inline script, style or picture.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What is served under /assets/ may be kept for ever: its names are hashes of its content.
    assetsDir: "assets",
    reportCompressedSize: false,
  },
});
