/** Requests that the gateway makes itself for whoever has the admin key: they need no client's key. */

export type Admitted = WeakSet<Request>;

/** What such requests are called where a client's key has its name. */
export const ADMIN_NAME = "dashboard";
