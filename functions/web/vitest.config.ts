import { defineConfig, mergeConfig } from "vitest/config";
import { PATIENCE_MS } from "./src/patience.ts";
import page from "./vite.config.ts";

export default mergeConfig(page, defineConfig({ test: { testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS } }));
