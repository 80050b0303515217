/** The catalogue: from a public model id to the upstreams that answer for it. */

import type { Catalog, CatalogOptions } from "./catalog.ts";

export type { Catalog, CatalogOptions, ListedModel, ListState, ResolvedCandidate, ResolvedModel } from "./catalog.ts";
export type { ModelsFile, Prices } from "./schema.ts";
export declare function createCatalog(options: CatalogOptions): Catalog;
