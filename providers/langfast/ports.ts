/** What LangFast's client takes from outside. */

import type { ProviderPorts } from "../provider.ts";

export type LangfastPorts = Pick<ProviderPorts, "fetch" | "WebSocket" | "resolveHost" | "now">;
