/** Whether what was answered works: the vendor is asked for its models, as the gateway will. */

import { toGatewayError } from "../../chat/error.ts";
import type { Config } from "../../gateway/config/mod.ts";
import { createPorts } from "../../gateway/ports.ts";
import { createProvider } from "../../providers/create_provider.ts";

export type Connection = { models: string[] } | { problem: string };

const PATIENCE = 20_000;

export async function tryConnection(config: Config, name: string): Promise<Connection> {
  const settings = config.providers.find((provider) => provider.name === name);
  if (settings === undefined) return { problem: `There is no provider ${name}` };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  const ports = createPorts({ config, closing: stop.signal, write() {} });
  try {
    const models = await createProvider(settings, ports).listModels(stop.signal);
    return { models: models.map(({ id }) => `${name}/${id}`) };
  } catch (error) {
    const { message, detail } = toGatewayError(error);
    return { problem: detail === undefined ? message : `${message} (${detail.slice(0, 200)})` };
  } finally {
    clearTimeout(timer);
  }
}
