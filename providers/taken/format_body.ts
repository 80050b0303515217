/** The body of a request as an upstream takes it, as far as that is known, and what it loses by that. */

import type { ChatRequest, Loss } from "../../chat/request.ts";
import { tellOpaque } from "../../chat/tell_opaque.ts";
import type { Dialect, Quirks } from "../../dialects/dialect.ts";
import { isObject, parseJson } from "../../dialects/json.ts";
import { patchJson } from "../../dialects/patch_json.ts";
import { hasField, patchesWithout } from "./field_at.ts";
import type { Call } from "../provider.ts";

export interface BodyOptions {
  dialect: Dialect;
  quirks: Quirks;
  /** Fields that the model was found to refuse, beside those of the quirks. */
  learned: readonly string[];
}

/** The client's own words where the upstream speaks its dialect, patched; else a body written anew. */
export function formatBody(
  request: ChatRequest,
  call: Pick<Call, "stream" | "facts" | "fields" | "resume">,
  { dialect, quirks, learned }: BodyOptions,
): { text: string; lost: Loss[] } {
  const target = { model: request.model, stream: call.stream, facts: call.facts, quirks, resume: call.resume };
  const { dialect: from, text: own } = request.source;
  const fields = dialect.name === "openai_chat" ? call.fields : undefined;
  const isRelayed = from === dialect.name && own !== undefined;
  const { body, lost } = isRelayed
    ? { body: request.source.body, lost: [] }
    : dialect.formatRequest(tellOpaque(request, dialect.name), target);
  const text = isRelayed ? dialect.relayRequest(own, request, target) : JSON.stringify(body);
  const refused = [...quirks.refusedFields ?? [], ...learned].filter((name) => name !== "stream");
  if (fields === undefined && refused.length === 0) return { text, lost };
  const isLost = (name: string) => !(name in (fields ?? {})) && hasField(body, name);
  return {
    // Whoever runs the gateway and sets a field knows better.
    text: patchJson(refused.reduce(leaveOut, text), fields ?? {}),
    lost: [...lost, ...refused.filter(isLost).map((path) => ({ path, reason: "the vendor refuses it" }))],
  };
}

/** Of what stands in lists the body is read as it is by now: what was refused before is out of them. */
function leaveOut(text: string, path: string): string {
  const isPlain = !path.includes(".");
  const sent = isPlain ? {} : parseJson(text);
  return patchJson(text, patchesWithout(isObject(sent) ? sent : {}, path));
}
