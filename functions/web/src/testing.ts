// The browser of the stores' tests: a database in memory.

import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { TEST_TIMEOUT_MS } from "./test-time.ts";

/** Waits until an assertion holds. */
export function eventually<T>(holds: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(holds, { timeout: TEST_TIMEOUT_MS });
}

/** Installs an empty database. Call it before a store is imported. */
export function browser(): void {
  vi.stubGlobal("indexedDB", new IDBFactory());
}
