/** From a provider's settings to its client. */

import { createDemo } from "./demo/mod.ts";
import { createGemini } from "./gemini.ts";
import { HTTP_DIALECTS } from "./http_dialects.ts";
import { createHttpProvider, type HttpProviderOptions } from "./http_provider.ts";
import { createLangfast, type LangfastOptions } from "./langfast/mod.ts";
import { createPolling, type PollingOptions } from "./polling/mod.ts";
import { createOpenai, type OpenaiOptions } from "./openai.ts";
import type { Provider, ProviderPorts } from "./provider.ts";

/** The settings of every type that can be created. */
export type ProviderSettings =
  | { type: "demo"; name: string; publicOnly?: boolean }
  | (
    & { type: "langfast"; langfast: Omit<LangfastOptions, "name" | "publicOnly"> }
    & Pick<LangfastOptions, "name" | "publicOnly">
  )
  | ({ type: "polling" } & PollingOptions)
  | ({ type: "openai" } & OpenaiOptions)
  | ({ type: "anthropic" | "gemini" | "ollama" } & HttpProviderOptions);

export function createProvider(settings: ProviderSettings, ports: ProviderPorts): Provider {
  switch (settings.type) {
    case "demo":
      return createDemo(settings, ports);
    case "langfast":
      return createLangfast({ ...settings, ...settings.langfast }, ports);
    case "polling":
      return createPolling(settings, ports);
    case "openai":
      return createOpenai(settings, ports);
    case "gemini":
      return createGemini(settings, ports);
    case "anthropic":
    case "ollama":
      return createHttpProvider(HTTP_DIALECTS[settings.type], settings, ports);
    default:
      return settings satisfies never;
  }
}
