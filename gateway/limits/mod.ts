/** The limits of client keys: how they are counted across instances, and how a client is told of them. */

export { type Client, demandModel, demandNoOthers, mayUse } from "./allowed_models.ts";
export { createLimits, type Forecast, type Limits } from "./limits.ts";
export type { Gauge } from "./measures.ts";
export { createPlaces, type Places, type PlacesState } from "./places.ts";
export { limitHeaders, rateLimitsOf } from "./limit_headers.ts";
export { unpricedModels } from "./unpriced_models.ts";
