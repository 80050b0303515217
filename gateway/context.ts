/** What a request's handlers hand on to each other. */

export interface GatewayEnv {
  Variables: {
    requestId: string;
    /** The client key's name; `undefined` where the gateway is open. */
    key: string | undefined;
  };
}
