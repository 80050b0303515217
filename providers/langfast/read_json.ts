/** Looks into the JSON that LangFast sends, of which nothing is taken for granted. */

/** The member at a path; `undefined` where the way there breaks off. */
export function memberAt(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce((at: unknown, key) => {
    return typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  }, value);
}

/** The text at a path; `undefined` where there is none, or an empty one. */
export function textAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = memberAt(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
  const found = memberAt(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}
