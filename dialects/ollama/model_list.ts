/** The answers of `/api/tags`, `/api/show` and `/api/version`: what Ollama's clients ask before they chat. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { JsonObject } from "../../chat/json.ts";
import type { ModelFacts } from "../../chat/model.ts";
import type { ListedModel } from "../listed_model.ts";
import { createdAt } from "./answer_form.ts";

/** The release whose API this is. Clients switch features by it: VS Code asks for 0.6.4 at least. */
const VERSION = "0.33.2";

/** What `general.architecture` says; other facts of a model stand under names that begin with it. */
const ARCHITECTURE = "anystream";

export function formatVersion(): JsonObject {
  return { version: VERSION };
}

export function formatTags(models: readonly ListedModel[]): JsonObject {
  return {
    models: models.map((model) => ({
      name: model.id,
      model: model.id,
      modified_at: createdAt(model.created ?? 0),
      size: 0,
      // The command line cuts it to 12 characters, and fails on a shorter one.
      digest: bytesToHex(sha256(utf8ToBytes(model.id))),
      details: formatDetails(),
    })),
  };
}

export function formatShow({ id, displayName, created, facts }: ListedModel): JsonObject {
  const { contextWindow } = facts;
  return {
    license: "",
    modelfile: `FROM ${id}`,
    // Continue reads the size of the context here.
    parameters: contextWindow === undefined ? "" : `num_ctx ${contextWindow}`,
    template: "",
    details: formatDetails(),
    model_info: {
      "general.architecture": ARCHITECTURE,
      // VS Code reads the name and the size of the context here.
      "general.basename": displayName ?? id,
      ...(contextWindow !== undefined && { [`${ARCHITECTURE}.context_length`]: contextWindow }),
    },
    capabilities: capabilities(facts),
    modified_at: createdAt(created ?? 0),
  };
}

/** Of a model elsewhere none of it is known, and clients take none of it as optional. */
function formatDetails(): JsonObject {
  return {
    parent_model: "",
    format: "",
    family: ARCHITECTURE,
    families: [ARCHITECTURE],
    parameter_size: "",
    quantization_level: "",
  };
}

/** Thinking is claimed only where it is known: clients then ask for it. */
function capabilities({ refuses = [], thinking }: ModelFacts): string[] {
  return [
    "completion",
    ...(refuses.includes("tools") ? [] : ["tools"]),
    ...(thinking === undefined || thinking === "none" ? [] : ["thinking"]),
  ];
}
