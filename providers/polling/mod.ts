/** The provider of task APIs: submits a task and polls it, all as the configuration describes it. */

import { upstreamError } from "../../dialects/upstream_error.ts";
import { credentialHeaders } from "../auth.ts";
import type { HttpEndpoint } from "../http_client.ts";
import type { Provider, ProviderPorts, UpstreamModel } from "../provider.ts";
import { openTask, type TaskSettings } from "./open_task.ts";
import { createTaskApi } from "./task_api.ts";
import { isDotSegment } from "./template.ts";

export interface PollingOptions extends TaskSettings, HttpEndpoint {
  name: string;
  /** It has no list to ask for. */
  models: readonly string[];
}

export function createPolling(options: PollingOptions, ports: ProviderPorts): Provider {
  const { name, apiKeys } = options;
  const api = createTaskApi(options, ports);
  const models = options.models.map((id): UpstreamModel => ({ id }));
  let turn = 0;

  /** Those of one task: its key is kept for all calls about it. */
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
