/** A JSON Schema in the words that structured outputs take; what has no such word is told in the description. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations (2026-11-20) */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...["$defs", "definitions", "$ref", "type", "enum", "const", "anyOf", "allOf"],
  ...["properties", "required", "items", "title", "description"],
]);
const FORMATS: ReadonlySet<Json | undefined> = new Set([
  ...["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"],
]);

/** Objects are closed, as the API asks; other limits become words, as the official client makes them. */
export function formatOutputSchema(schema: JsonObject): JsonObject {
  const written: JsonObject = {};
  const told: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === "$schema" || key === "additionalProperties") continue;
    if (key === "oneOf") written.anyOf = formatValue("anyOf", value);
    else if (KEYWORDS.has(key) || isTaken(key, value)) written[key] = formatValue(key, value);
    else told.push(`${key}: ${JSON.stringify(value)}`);
  }
  if (written.type === "object" || isObject(written.properties)) written.additionalProperties = false;
  if (told.length > 0) {
    const description = typeof written.description === "string" ? `${written.description}\n\n` : "";
    written.description = `${description}{${told.join(", ")}}`;
  }
  return written;
}

/** Whether members of any name are meant somewhere: objects are closed here, which leaves none of them. */
export function hasMap(schema: JsonObject): boolean {
  const { properties, additionalProperties, items, anyOf, oneOf, allOf, $defs, definitions } = schema;
  const isNamed = isObject(properties) && Object.keys(properties).length > 0;
  if (!isNamed && (isObject(additionalProperties) || additionalProperties === true)) return true;
  const named = [properties, $defs, definitions].flatMap((schemas) => isObject(schemas) ? Object.values(schemas) : []);
  return [named, items, anyOf, oneOf, allOf].flat().some((below) => isObject(below) && hasMap(below));
}

function isTaken(key: string, value: Json | undefined): boolean {
  return (key === "format" && FORMATS.has(value)) || (key === "minItems" && (value === 0 || value === 1));
}

/** Schemas within schemas: in a member, in a list, or in an object by their names. */
function formatValue(key: string, value: Json | undefined): Json | undefined {
  if (key === "items") return isObject(value) ? formatOutputSchema(value) : value;
  if (key === "anyOf" || key === "allOf") return Array.isArray(value) ? value.map(formatNested) : value;
  if ((key !== "properties" && key !== "$defs" && key !== "definitions") || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, inner === undefined ? inner : formatNested(inner)]),
  );
}

function formatNested(value: Json): Json {
  return isObject(value) ? formatOutputSchema(value) : value;
}
