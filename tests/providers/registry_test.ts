/** The registry as data: complete, and free of contradictions. */

import assert from "node:assert/strict";
import { type VendorName, VENDORS } from "../../providers/registry.ts";
import type { Vendor } from "../../providers/vendor.ts";
import { configOf, providerOf } from "../support/config.ts";

const ALL: [VendorName, Vendor][] = (Object.keys(VENDORS) as VendorName[]).map((name) => [name, VENDORS[name]]);

Deno.test("no two vendors share a name's variable or an endpoint", () => {
  const variables = ALL.flatMap(([, { env }]) => env);
  const endpoints = ALL.flatMap(([, { endpoint, otherEndpoints = [] }]) => [endpoint ?? [], otherEndpoints].flat());
  assert.equal(new Set(variables).size, variables.length);
  assert.equal(new Set(endpoints).size, endpoints.length);
});

for (const [name, vendor] of ALL) {
  Deno.test(`${name} can be set up by its variables alone, and by its name in a file`, () => {
    const endpoint = vendor.endpoint ?? "https://me.test";
    const prefix = vendor.env[0]?.replace("_API_KEY", "") ?? name.toUpperCase().replaceAll("-", "_");
    const env: Record<string, string> = vendor.env[0] === undefined ? {} : { [vendor.env[0]]: "key" };
    if (vendor.local || vendor.endpoint === undefined) env[`${prefix}_ENDPOINT`] = endpoint;
    const fromVariables = providerOf(configOf({ env }), name);
    const place = vendor.endpoint === undefined ? `\nendpoint = '${endpoint}'` : "";
    const fromFile = providerOf(configOf({ toml: `[providers.${name}]\napi_key = 'key'${place}` }), name);
    for (const provider of [fromVariables, fromFile]) {
      assert.equal(provider.type, vendor.type);
      assert.equal(provider.endpoint, endpoint + (vendor.path ?? ""));
      assert.equal(provider.auth, vendor.auth);
      assert.deepEqual(provider.quirks, vendor.quirks);
      assert.equal(provider.vendor, name);
    }
  });

  Deno.test(`${name} is described by absolute URLs without a slash at the end`, () => {
    for (const text of [vendor.docs, vendor.endpoint ?? [], vendor.otherEndpoints ?? []].flat()) {
      const url = new URL(text);
      assert.equal(url.protocol, vendor.local && text === vendor.endpoint ? "http:" : "https:");
      assert(!text.endsWith("/"), text);
    }
    assert(vendor.env.every((variable) => /^[A-Z]+(_[A-Z]+)*_API_KEY$/.test(variable)));
    assert.equal(vendor.local === true, vendor.env.length === 0);
  });
}
