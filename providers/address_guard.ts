/** Keeps the gateway from being sent to addresses that are nobody's upstream (CASES H5). */

import type { IPv4, IPv6 } from "ipaddr.js";
import { GatewayError } from "../chat/error.ts";

export interface AddressGuardOptions {
  /** All addresses of a host name; rejects where there are none. */
  resolve: (hostname: string) => Promise<string[]>;
  /**
   * Whether private and loopback ranges are refused too: for URLs that did not come from whoever runs the gateway.
   * Cloud metadata (link-local) is refused always.
   */
  publicOnly: boolean;
}

/** Names that mean a cloud's metadata service wherever they resolve. */
const METADATA_NAMES: ReadonlySet<string> = new Set(["metadata", "metadata.google.internal", "instance-data"]);

/** Alibaba's and AWS's metadata addresses that lie outside the link-local ranges. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(["100.100.100.200", "fd00:ec2::254"]);

/**
 * Checks a URL's host after DNS resolution. Resolves to one of the addresses it checked, where it had to look the name up:
 * whoever connects to that is not led elsewhere by a name that changed in between.
 *
 * @throws {GatewayError} `forbidden`, without naming what the host resolved to
 */
export async function checkAddress(
  url: URL,
  { resolve, publicOnly }: AddressGuardOptions,
): Promise<string | undefined> {
  // A dot at the end means the same name.
  const hostname = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
  if (METADATA_NAMES.has(hostname)) throw refused();
  if (isAddress(hostname)) {
    if (await isRefused(hostname, publicOnly)) throw refused();
    return undefined;
  }
  // Who runs the gateway may name any host; only what others enter is worth a look-up per call.
  if (!publicOnly) return undefined;
  if (hostname === "localhost" || hostname.endsWith(".localhost")) throw refused();
  const addresses = await resolve(hostname).catch(() => []);
  const refusals = await Promise.all(addresses.map((address) => isRefused(address, publicOnly)));
  // What the look-up does not know, the connection might.
  if (addresses.length === 0 || refusals.includes(true)) throw refused();
  return addresses[0];
}

/** In a URL every IPv4 address is four decimal numbers, however it was written: https://url.spec.whatwg.org/#host-parsing. */
function isAddress(hostname: string): boolean {
  return hostname.includes(":") || /^\d+(\.\d+){3}$/.test(hostname);
}

async function isRefused(text: string, publicOnly: boolean): Promise<boolean> {
  const { default: ipaddr } = await import("ipaddr.js");
  // An IPv4 address may come dressed as IPv6 (`::ffff:169.254.169.254`).
  const address = ipaddr.process(text);
  const range = address.range();
  if (range === "linkLocal" || METADATA_ADDRESSES.has(address.toString())) return true;
  return publicOnly && (range !== "unicast" || isCompatible(address));
}

/** `::7f00:1`: the older way of dressing an IPv4 address, all zeros before it. */
function isCompatible(address: IPv4 | IPv6): boolean {
  return "parts" in address && address.parts.slice(0, 6).every((part) => part === 0);
}

function refused(): GatewayError {
  return new GatewayError("forbidden", "Cannot reach the address as it is not known to be a public one");
}

/** The real look-up: both families, as either may be used, and as the system sees it, whose hosts file may know more. */
export async function resolveHost(hostname: string): Promise<string[]> {
  const { lookup } = await import("node:dns/promises");
  const found = await Promise.allSettled([
    Deno.resolveDns(hostname, "A"),
    Deno.resolveDns(hostname, "AAAA"),
    lookup(hostname, { all: true }).then((answers) => answers.map(({ address }) => address)),
  ]);
  return found.flatMap((answer) => answer.status === "fulfilled" ? answer.value : []);
}
