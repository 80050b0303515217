/** From settings by their paths to the tables they stand in. */

import type { Layer } from "./problem.ts";

/** `a.b` → `{a: {b}}`; a table given whole is the ground its parts are put on. */
export function unflatten(layer: Layer): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, { value }] of layer) {
    const keys = path.split(".");
    const last = keys.pop() ?? path;
    const table = keys.reduce((parent, key) => {
      const child = parent[key];
      const next = typeof child === "object" ? { ...child } : {};
      parent[key] = next;
      return next as Record<string, unknown>;
    }, root);
    table[last] = value;
  }
  return root;
}
