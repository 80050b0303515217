/** What OpenTelemetry's conventions for generative AI call our operations and providers. */

import type { DialectName } from "../../chat/event.ts";
import type { Config } from "../config/mod.ts";
import type { Observation } from "../observation.ts";

/** The values are closed in part: these three are well known. https://github.com/open-telemetry/semantic-conventions-genai */
const OPERATIONS = {
  "openai_chat": "chat",
  "openai_completions": "text_completion",
  "openai_responses": "chat",
  "anthropic": "chat",
  "gemini": "generate_content",
  "ollama": "chat",
  "ollama_generate": "text_completion",
} as const satisfies Record<DialectName, string>;

export function operationOf({ dialect, operation }: Observation): string {
  return operation ?? OPERATIONS[dialect];
}

/** Vendors whose well-known name is not ours; read from the conventions in November 2026. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["azure", "azure.ai.openai"],
  ["gemini", "gcp.gemini"],
  ["gemini-openai", "gcp.gemini"],
  ["mistral", "mistral_ai"],
  ["moonshot", "moonshot_ai"],
  ["xai", "x_ai"],
]);

/** A provider's well-known name where its vendor has one, else the vendor's, else its own. */
export type ProviderName = (provider: string) => string;

export function createProviderName(config: Pick<Config, "providers">): ProviderName {
  return (provider) => {
    const found = config.providers.find(({ name }) => name === provider);
    if (found === undefined) return provider;
    const vendor = found.vendor ?? provider;
    return PROVIDERS.get(vendor) ?? vendor;
  };
}
