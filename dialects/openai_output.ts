/** The form of the answer, as OpenAI's APIs have it, both ways: they differ in where the schema's members stand. */

import type { JsonObject } from "../chat/json.ts";
import type { OutputFormat } from "../chat/request.ts";
import { given } from "./given.ts";

/** What a client sends, the schema's members beside the type. */
type FormatBody = { type: "text" } | { type: "json_object" } | SchemaBody;

interface SchemaBody {
  type: "json_schema";
  name?: string | null | undefined;
  description?: string | null | undefined;
  schema?: JsonObject | null | undefined;
  strict?: boolean | null | undefined;
}

export function parseOutput(format: FormatBody): OutputFormat {
  switch (format.type) {
    case "text":
      return { type: "text" };
    case "json_object":
      return { type: "json" };
    case "json_schema": {
      const { schema, name, description, strict } = format;
      return { type: "schema", schema: schema ?? {}, ...given({ name, description, strict }) };
    }
    default:
      return format satisfies never;
  }
}

/** `place` puts the schema's members where the API has them. */
export function formatOutput(output: OutputFormat, place: (members: JsonObject) => JsonObject): JsonObject {
  switch (output.type) {
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "schema": {
      const { schema, name, description, strict } = output;
      // The name is required here, and other dialects have none.
      return { type: "json_schema", ...place({ name: name ?? "response", ...given({ description, strict }), schema }) };
    }
    default:
      return output satisfies never;
  }
}
