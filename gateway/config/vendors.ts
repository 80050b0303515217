/** Looking up the registry: which vendor serves an endpoint, and which variables are a vendor's. */

import { type VendorName, VENDORS } from "../../providers/registry.ts";
import type { Vendor } from "../../providers/vendor.ts";

export const VENDOR_LIST: readonly (readonly [VendorName, Vendor])[] = (Object.keys(VENDORS) as VendorName[])
  .map((name) => [name, VENDORS[name]]);

export function isVendor(name: string): name is VendorName {
  return Object.hasOwn(VENDORS, name);
}

/**
 * The vendor whose quirks hold: the one that serves the endpoint, whatever the provider is called, and not the one it is
 * called after where the endpoint is somebody else's. The name counts where a vendor has no host of its own.
 */
export function vendorOf(name: string, endpoint: string, type: string): VendorName | undefined {
  const host = URL.parse(endpoint)?.host;
  if (host === undefined) return undefined;
  const served = VENDOR_LIST.find(([, vendor]) => vendor.type === type && serves(vendor, host));
  if (served !== undefined) return served[0];
  if (!isVendor(name)) return undefined;
  const vendor: Vendor = VENDORS[name];
  return vendor.type === type && (vendor.local || vendor.endpoint === undefined) ? name : undefined;
}

function serves({ endpoint, otherEndpoints = [] }: Vendor, host: string): boolean {
  const known = endpoint === undefined ? otherEndpoints : [endpoint, ...otherEndpoints];
  return known.some((text) => new URL(text).host === host);
}

/** The variables of a vendor: its keys, and those for another base URL, the one to document first. */
export function variablesOf(name: VendorName): { keys: readonly string[]; endpoint: readonly string[] } {
  const vendor: Vendor = VENDORS[name];
  const prefix = vendor.env[0]?.replace(/_API_KEY$/, "") ?? variableName(name);
  const endpoint = [`${prefix}_BASE_URL`, `${prefix}_ENDPOINT`];
  return { keys: vendor.env, endpoint: vendor.endpoint === undefined ? endpoint.reverse() : endpoint };
}

/** A provider's name as it stands in a variable's: `my-relay` → `MY_RELAY`. */
export function variableName(provider: string): string {
  return provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
