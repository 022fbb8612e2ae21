// Builds the service worker, and tells it what there is to keep of this build.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { build, type Plugin } from "vite";

/** What nobody needs without a connection, where no password can be chosen, and few need with one. */
const NOT_KEPT = "/src/strength/measure.ts";

/** Its address stays the same from build to build: browsers compare what is in it. */
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
      // The document is there only now.
      order: "post",
      async handler(_, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("the build has no document");
        const version = createHash("sha256").update(page.source).digest("hex");
        const all = Object.values(bundle).filter(
          (file) => file.type === "asset" || !file.facadeModuleId?.endsWith(NOT_KEPT),
        );
        const files = all.map(({ fileName }) => fileName).filter((name) => name.startsWith(assets));
        const told = { version, files: files.sort().map((name) => `/${name}`) };
        this.emitFile({ type: "asset", fileName: FILE, source: await serviceWorker(root, target, told) });
      },
    },
  };
}

/** A script by itself: not every browser runs a service worker that is a module. */
async function serviceWorker(root: string, target: string | string[] | false, told: object): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { SHELL: JSON.stringify(told) },
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
