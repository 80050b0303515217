/** `${NAME}` in the texts of a file, filled in from the environment. */

export interface Interpolated {
  value: unknown;
  /** The variables that are not set. */
  missing: string[];
}

/** Fills in every text of a value, however deep; other values stay as they are. */
export function interpolate(value: unknown, env: Readonly<Record<string, string>>): Interpolated {
  const missing: string[] = [];
  const fill = (part: unknown): unknown => {
    if (typeof part === "string") {
      return part.replace(/\$\{(\w+)\}/g, (_, name: string) => {
        const found = Object.hasOwn(env, name) ? env[name] : undefined;
        if (found === undefined) missing.push(name);
        return found ?? "";
      });
    }
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== "object" || part === null || part instanceof Date) return part;
    return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, fill(child)]));
  };
  return { value: fill(value), missing };
}
