/** The error for a model that nobody has, naming what may have been meant. */

import { GatewayError } from "../../chat/error.ts";
import { nearNames, suggestion } from "./near_names.ts";

/** Comparing costs the product of the lengths, and the id is whatever a client sent. */
const COMPARED_LENGTH = 200;
const SUGGESTIONS = 3;

export function unknownModel(id: string, publicIds: readonly string[]): GatewayError {
  if (id === "") {
    return new GatewayError("invalid-request", "Cannot choose a model as the request names none", { param: "model" });
  }
  if (id.length > COMPARED_LENGTH) {
    return new GatewayError("unknown-model", `Cannot find the model "${id.slice(0, COMPARED_LENGTH)}…"`, {
      param: "model",
    });
  }
  const near = new Set([...nearNames(id, publicIds, { limit: SUGGESTIONS }), ...nearModels(id, publicIds)]);
  const names = [...near].slice(0, SUGGESTIONS);
  const help = suggestion(names) || "; GET /v1/models lists those that there are";
  return new GatewayError("unknown-model", `Cannot find the model "${id}"${help}`, { param: "model" });
}

/** The ids whose part behind the provider is near: a right model under a wrong provider. */
function nearModels(id: string, publicIds: readonly string[]): string[] {
  return nearNames(modelPart(id), publicIds.map(modelPart), { limit: SUGGESTIONS })
    .flatMap((model) => publicIds.filter((known) => modelPart(known) === model));
}

function modelPart(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
