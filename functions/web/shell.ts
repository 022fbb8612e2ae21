// Builds the service worker, with the list of files that it caches.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { build, type Plugin } from "vite";

/** The name is the same in every build. Browsers compare the content. */
const FILE = "service-worker.js";

export function shell(): Plugin {
  let root = "";
  let assets = "";
  let target: string | string[] | false = false;
  return {
    name: "notes:shell",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      root = config.root;
      assets = `${config.build.assetsDir}/`;
      target = config.build.target;
    },
    generateBundle: {
      // Only now does the bundle have the document.
      order: "post",
      async handler(_, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("the build has no document");
        const version = createHash("sha256").update(page.source).digest("hex");
        const files = Object.keys(bundle).filter((name) => name.startsWith(assets));
        const manifest = { version, files: files.sort().map((name) => `/${name}`) };
        this.emitFile({ type: "asset", fileName: FILE, source: await serviceWorker(root, target, manifest) });
      },
    },
  };
}

/** Builds the service worker as one classic script, since not every browser runs modules as service workers. */
async function serviceWorker(root: string, target: string | string[] | false, manifest: object): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { SHELL: JSON.stringify(manifest) },
    build: {
      write: false,
      target,
      reportCompressedSize: false,
      rolldownOptions: { input: resolve(root, "src/shell/service-worker.ts"), output: { format: "iife" } },
    },
  });
  if (Array.isArray(built) || !("output" in built)) throw new Error("the service worker is more than one build");
  const [script, ...others] = built.output;
  if (others.length > 0) throw new Error("the service worker is more than one file");
  return script.code;
}
