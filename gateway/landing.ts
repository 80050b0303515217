/** `GET /`: a word for health checks, a small page for a browser. */

import { html } from "hono/html";
import type { Gateway } from "./gateway.ts";
import { VERSION } from "./version.ts";

/** All that the older proxies answered: some health checks compare it. */
export const LANDING_TEXT = "OK";

export function landingPage({ config }: Gateway, origin: string): ReturnType<typeof html> {
  const names = config.providers.map(({ name }) => name).join(", ");
  const key = config.keys.length > 0 ? ` -H "authorization: Bearer $KEY"` : "";
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>anystream</title>
    <style>
      body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 12vh auto; padding: 0 1.5rem }
      pre { overflow-x: auto; padding: 1rem; border: 1px solid #8884; border-radius: 8px }
    </style>
  </head>
  <body>
    <h1>anystream</h1>
    <p>OK: an LLM gateway, version ${VERSION}. Point an OpenAI client at <code>${origin}/v1</code>.</p>
    <p>Providers: ${names}. <a href="/health">Health</a> · <a href="/v1/models">Models</a></p>
    <pre>${curlExample(origin, key)}</pre>
  </body>
</html>`;
}

/** A first request that works with no vendor's key. */
export function curlExample(origin: string, keyHeader = ""): string {
  return `curl -N ${origin}/v1/chat/completions${keyHeader} -H "content-type: application/json" \\
  -d '{"model": "demo/echo", "stream": true, "messages": [{"role": "user", "content": "Hello, stream!"}]}'`;
}
