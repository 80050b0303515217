/** What a check of a gateway is: a question, and what came of it. */

export interface Target {
  /** Without a slash at its end. */
  url: string;
  /** The client key. */
  key?: string;
  /** Opens the records, in which an abort can be seen. */
  adminKey?: string;
  /** Milliseconds that the silent stream is listened to. */
  listen: number;
}

/** `skip`: it cannot be told, for a reason; `warn`: it works, and is probably not meant. */
export type Grade = "ok" | "warn" | "fail" | "skip";

export interface Finding {
  grade: Grade;
  sentence: string;
}

export interface Check {
  name: string;
  /** Throws where the gateway cannot be asked. */
  run(target: Target): Promise<Finding>;
}

export const ok = (sentence: string): Finding => ({ grade: "ok", sentence });
export const warn = (sentence: string): Finding => ({ grade: "warn", sentence });
export const fail = (sentence: string): Finding => ({ grade: "fail", sentence });
export const skip = (sentence: string): Finding => ({ grade: "skip", sentence });

/** Thrown where a check cannot be made, through no fault of the gateway. */
export class Unasked extends Error {}

/** All checks, one after the other, so that none disturbs the times of another. */
export async function* examine(checks: readonly Check[], target: Target): AsyncGenerator<Finding & { name: string }> {
  for (const { name, run } of checks) {
    const finding = await run(target).catch((error) =>
      error instanceof Unasked ? skip(error.message) : fail(`Cannot be asked: ${error.message}`)
    );
    yield { name, ...finding };
  }
}
