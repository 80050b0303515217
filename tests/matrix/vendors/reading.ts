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

/** The object, refused if it has a member that is not named. */
export function only(value: unknown, members: readonly string[]): Record<string, unknown> {
  const object = record(value);
  for (const name of Object.keys(object)) want(members.includes(name), `unknown member ${name}`);
  return object;
}

const JSON_TYPES = ["string", "number", "integer", "boolean", "array", "object", "null"];

/** A JSON Schema: its types are in lower case, its properties schemas, and what is required is among them. */
export function jsonSchema(value: unknown): Record<string, unknown> {
  const schema = record(value);
  for (const type of [schema.type ?? []].flat()) want(JSON_TYPES.includes(text(type)), `no JSON type: ${type}`);
  const properties = record(schema.properties ?? {});
  Object.values(properties).forEach(jsonSchema);
  for (const name of list(schema.required)) want(Object.hasOwn(properties, text(name)), `${name} is not defined`);
  return schema;
}
