/** A provider's models as its upstream lists them now. */

import type { UpstreamModel } from "../../../providers/provider.ts";
import { createFilter } from "../../catalog/filter.ts";
import type { ProviderConfig } from "../../config/mod.ts";
import { createClient } from "../../create_client.ts";
import type { Gateway } from "../../gateway.ts";

export interface FreshList {
  models: {
    /** What clients call it. */
    id: string;
    /** What the upstream calls it. */
    upstream: string;
    created?: number;
    ownedBy?: string;
  }[];
}

/**
 * One that is in use is asked by its own client, and its list is new for everybody.
 *
 * @throws {GatewayError} what the upstream says
 */
export async function listFresh(provider: ProviderConfig, { catalog, config, ports }: Gateway): Promise<FreshList> {
  const models = await catalog.refresh(provider.name) ?? await listUnused();
  return {
    models: models.map(({ id, created, ownedBy }) => ({
      id: `${provider.name}/${id}`,
      upstream: id,
      ...(created !== undefined && { created }),
      ...(ownedBy !== undefined && { ownedBy }),
    })),
  };

  async function listUnused(): Promise<UpstreamModel[]> {
    if (provider.models.length > 0) return provider.models.map((id) => ({ id }));
    const listed = await createClient(provider, { config, ports }).listModels(new AbortController().signal);
    const allows = createFilter(provider.filter);
    return listed.filter(({ id }) => allows(id));
  }
}
