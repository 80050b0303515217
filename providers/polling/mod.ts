/** The provider of task APIs: submits a task and polls it, all as the configuration describes it. */

import { tellOpaque } from "../../chat/tell_opaque.ts";
import { upstreamError } from "../../dialects/upstream_error.ts";
import { credentialHeaders, fingerprintsOf } from "../auth.ts";
import type { HttpEndpoint } from "../http_client.ts";
import type { Provider, ProviderPorts, UpstreamModel } from "../provider.ts";
import type { TaskSettings } from "./open_task.ts";
import { createTaskApi } from "./task_api.ts";
import { isDotSegment } from "./template.ts";

export interface PollingOptions extends TaskSettings, HttpEndpoint {
  name: string;
  /** It has no list to ask for. */
  models: readonly string[];
}

export function createPolling(options: PollingOptions, ports: ProviderPorts): Provider {
  const { name, apiKeys, auth, headers } = options;
  const api = createTaskApi(options, ports);
  const models = options.models.map((id): UpstreamModel => ({ id }));
  const credential = credentialHeaders(auth, apiKeys);

  return {
    name,
    dialectFor: () => undefined,
    keys: fingerprintsOf(apiKeys),
    async open(request, call) {
      call.signal.throwIfAborted();
      // It is no vendor's, and in a path it would lead elsewhere.
      if (isDotSegment(request.model)) throw upstreamError("unknown-model", request.model);
      const { openTask } = await import("./open_task.ts");
      // One key for all calls about a task: it is known to the account that submitted it.
      const own = { ...headers, ...credential(call.key) };
      return await openTask(tellOpaque(request, undefined), { settings: options, call, api, headers: own }, ports);
    },
    listModels: () => Promise.resolve(models),
  };
}
