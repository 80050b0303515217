/** The catalogue: from a public model id to the upstreams that answer for it. */

export type { Catalog, CatalogOptions, ListedModel, ListState, ResolvedCandidate, ResolvedModel } from "./catalog.ts";
export { createCatalog } from "./create_catalog.ts";
export type { ModelsFile, Prices } from "./schema.ts";
