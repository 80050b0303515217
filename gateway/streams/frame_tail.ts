/** The last frames of a stream, as many as there is room for. */

export interface FrameTail {
  push(more: readonly string[]): void;
  /** Those behind that number, or nothing where some of them are no longer here. */
  after(number: number): string[] | undefined;
  /** Of all frames there ever were. */
  count(): number;
}

/** @param room characters */
export function frameTail(room: number): FrameTail {
  let frames: string[] = [];
  let count = 0;
  let size = 0;
  return {
    push(more: readonly string[]): void {
      for (const frame of more) {
        frames.push(frame);
        size += frame.length;
      }
      count += more.length;
      // Not with each frame: to move them all costs more than to keep some.
      if (size <= 2 * room) return;
      let first = 0;
      while (size > room && first < frames.length) size -= frames[first++]!.length;
      frames = frames.slice(first);
    },
    after(number: number): string[] | undefined {
      const from = number - (count - frames.length);
      return from < 0 ? undefined : frames.slice(from);
    },
    count: () => count,
  };
}
