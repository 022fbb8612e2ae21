import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onWake } from "./wake.ts";

const woke = vi.fn();
let network: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  woke.mockReset();
  vi.stubGlobal("addEventListener", (_: string, listener: () => void) => (network = listener));
  onWake(woke);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("passing time is not a sleep, even if the browser ticks only once a minute", () => {
  vi.advanceTimersByTime(3_600_000);
  vi.setSystemTime(Date.now() + 80_000);
  vi.advanceTimersByTime(10_000);
  expect(woke).not.toHaveBeenCalled();
});

test("a large gap between two ticks is a sleep", () => {
  vi.setSystemTime(Date.now() + 81_000);
  vi.advanceTimersByTime(10_000);
  expect(woke).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(woke).toHaveBeenCalledOnce();
});

test("a restored network counts as a wake-up, because it may be another one", () => {
  network();
  expect(woke).toHaveBeenCalledOnce();
});
