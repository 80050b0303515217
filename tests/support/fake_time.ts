/** Time under the test's hand: timers and `performance.now`, nothing else. */

import FakeTimers from "@sinonjs/fake-timers";

export interface FakeTime {
  /** Lets time pass, and all that becomes due in it happen. */
  pass(milliseconds: number): Promise<void>;
}

/** Runs a test in fake time, and gives the real one back whatever happens. */
export async function inFakeTime(test: (time: FakeTime) => Promise<void>): Promise<void> {
  const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  try {
    await test({ pass: async (milliseconds) => void await clock.tickAsync(milliseconds) });
    assertNoTimers(clock.countTimers());
  } finally {
    clock.uninstall();
  }
}

function assertNoTimers(count: number): void {
  if (count > 0) throw new Error(`${count} timers were left running`);
}
