import { defineConfig, mergeConfig } from "vitest/config";
import { TEST_TIMEOUT_MS } from "./src/test-time.ts";
import page from "./vite.config.ts";

export default mergeConfig(
  page,
  defineConfig({ test: { testTimeout: TEST_TIMEOUT_MS, hookTimeout: TEST_TIMEOUT_MS } }),
);
