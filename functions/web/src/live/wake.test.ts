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

test("time that passes is no sleep, nor is a browser that ticks once a minute", () => {
  vi.advanceTimersByTime(3_600_000);
  vi.setSystemTime(Date.now() + 80_000);
  vi.advanceTimersByTime(10_000);
  expect(woke).not.toHaveBeenCalled();
});

test("a clock that has gone on while nothing ticked was asleep", () => {
  vi.setSystemTime(Date.now() + 81_000);
  vi.advanceTimersByTime(10_000);
  expect(woke).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(woke).toHaveBeenCalledOnce();
});

test("a network that is back may be another", () => {
  network();
  expect(woke).toHaveBeenCalledOnce();
});
