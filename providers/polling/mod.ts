/** The provider of task APIs: submits a task and polls it, all as the configuration describes it. */

import { upstreamError } from "../../dialects/upstream_error.ts";
import { type AuthStyle, credentialHeaders } from "../auth.ts";
import type { Provider, ProviderPorts, UpstreamModel } from "../provider.ts";
import { openTask, type TaskSettings } from "./open_task.ts";
import { createTaskApi } from "./task_api.ts";
import { isDotSegment } from "./template.ts";

export interface PollingOptions extends TaskSettings {
  name: string;
  /** The base URL that the paths are put behind, without a slash at its end. */
  endpoint: string;
  /** The key pool; taken in turn, and kept for all calls about one task. */
  apiKeys: readonly string[];
  auth: AuthStyle;
  /** Sent with every call. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** It has no list to ask for. */
  models: readonly string[];
  /** The endpoint was entered by someone who does not run the gateway: it must not lead into its network. */
  publicOnly?: boolean;
}

export function createPolling(options: PollingOptions, ports: ProviderPorts): Provider {
  const { name, endpoint, query, apiKeys, publicOnly = false } = options;
  const api = createTaskApi({ endpoint, query, publicOnly }, ports);
  const models = options.models.map((id): UpstreamModel => ({ id }));
  let turn = 0;

  const headers = (): Record<string, string> => ({
    ...options.headers,
    ...credentialHeaders(options.auth, apiKeys[turn++ % Math.max(apiKeys.length, 1)]),
  });

  return {
    name,
    dialect: undefined,
    async open(request, call) {
      call.signal.throwIfAborted();
      // It is no vendor's, and in a path it would lead elsewhere.
      if (isDotSegment(request.model)) throw upstreamError("unknown-model", request.model);
      return await openTask(request, { settings: options, call, api, headers: headers() }, ports);
    },
    listModels: () => Promise.resolve(models),
  };
}
