/** Does something when a signal is aborted, be it now: a listener alone would miss an abort that has been. */

export function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}
