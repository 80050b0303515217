/** What a request's handlers hand on to each other. */

import type { ClientIdentity } from "./access.ts";
import type { AttemptNote } from "./observation.ts";

export interface GatewayEnv {
  Variables: {
    requestId: string;
    /** What the client is told by headers, whatever becomes of the request. */
    told: Map<string, string>;
    /** The client key's name; `undefined` where the gateway is open. */
    key: string | undefined;
    /** Whose the key is, and what it may use. */
    client: ClientIdentity | undefined;
    /** Every time an upstream was asked for this request; `undefined` for one that asks none. */
    attempts: readonly AttemptNote[] | undefined;
  };
}
