/** Strict reading of what a vendor was sent: what is not as it must be is the vendor's 400. */

export function want(condition: boolean, fault: string): asserts condition {
  if (!condition) throw new Error(fault);
}

export function record(value: unknown): Record<string, unknown> {
  want(typeof value === "object" && value !== null && !Array.isArray(value), `no object: ${JSON.stringify(value)}`);
  return value as Record<string, unknown>;
}

/** The list, or none where it is absent. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  want(Array.isArray(value), `no list: ${JSON.stringify(value)}`);
  return value;
}

export function text(value: unknown): string {
  want(typeof value === "string", `no text: ${JSON.stringify(value)}`);
  return value;
}
