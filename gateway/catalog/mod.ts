/** The catalogue: from a public model id to the upstreams that answer for it. */

export type { Catalog, ListedModel, ListState, ResolvedCandidate, ResolvedModel } from "./catalog.ts";
export { createCatalog } from "./create_catalog.ts";
export { DAYS, type ModelsFile, type Prices, type Tariff } from "./schema.ts";
export { createSource, type Source } from "./source.ts";
