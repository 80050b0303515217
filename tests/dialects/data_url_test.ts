/** Tests of `data:` URLs. */

import assert from "node:assert/strict";
import { formatDataUrl, parseDataUrl } from "../../dialects/data_url.ts";

const CASES: [url: string, expected: ReturnType<typeof parseDataUrl>][] = [
  ["data:image/png;base64,AAEC", { mediaType: "image/png", data: "AAEC" }],
  ["DATA:image/PNG;BASE64,AAEC", { mediaType: "image/png", data: "AAEC" }],
  ["data:image/svg+xml;charset=utf-8;base64,AAEC", { mediaType: "image/svg+xml", data: "AAEC" }],
  ["data:text/plain,a%20%C3%A4", { mediaType: "text/plain", data: btoa("a \xc3\xa4") }],
  ["data:,100%", { mediaType: "text/plain", data: btoa("100%") }],
  ["data:image/png;base64", undefined],
  ["https://example.com/a.png", undefined],
];

Deno.test("G17 data URLs are read with their parameters, in base64 or percent-encoded", () => {
  for (const [url, expected] of CASES) assert.deepEqual(parseDataUrl(url), expected, url);
});

Deno.test("parseDataUrl() is the inverse of formatDataUrl()", () => {
  assert.deepEqual(parseDataUrl(formatDataUrl("audio/wav", "UklGRg==")), { mediaType: "audio/wav", data: "UklGRg==" });
});
