import { defineConfig } from "vite";
import { compress } from "./compress.ts";
import { shell } from "./shell.ts";

/** What only writing needs: CodeMirror, Yjs, and what of the page is built on them. And what only exports and imports need. */
const later =
  /node_modules\/(?:@codemirror|@lezer|lib0|style-mod|y-|yjs)|documents\/(?:outbox|pieces|delivery|create|title)|archive\/(?!running)/;

/** The page and the views that are loaded later share one file, so that the page starts with two files. */
const shared = { name: "shared", minShareCount: 2, test: (module: string) => !later.test(module) };

export default defineConfig({
  plugins: [shell(), compress()],
  // The shared worker consists of modules, like the page.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The content security policy (functions/http/src/middleware/security_headers.rs) allows no inline assets.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Files under /assets/ may be cached forever, because their names contain hashes of their content.
    assetsDir: "assets",
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: [shared] } } },
  },
});
