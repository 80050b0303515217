/** A plain HTTP call to one address of its host, so that the name is not looked up again (CASES H5). */

/**
 * `https:` is refused, as the runtime sends it in the clear over such a connection (measured on Deno 2.9.6), and it needs
 * none of this: a host that the name leads to by now has no certificate for it, and is told nothing.
 *
 * @throws {TypeError} for any scheme but `http:`, and what the fetch throws
 */
export async function fetchAt(address: string, url: string, init: RequestInit): Promise<Response> {
  const { protocol, port } = new URL(url);
  if (protocol !== "http:") throw new TypeError(`Cannot connect to an address for ${protocol} URLs`);
  // No connection is left for others: the next call may be to another address.
  const client = Deno.createHttpClient({
    proxy: { transport: "tcp", hostname: address, port: Number(port) || 80 },
    poolMaxIdlePerHost: 0,
  });
  try {
    return await fetch(url, { ...init, client });
  } finally {
    // What was begun goes on to its end.
    client.close();
  }
}
