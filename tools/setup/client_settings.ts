/** What a person types into a client, once the gateway is set up. */

export interface ClientSettings {
  clientKey: string;
  model: string;
}

export function describeClient({ clientKey, model }: ClientSettings): string {
  const key = clientKey === "" ? "any, the gateway is open" : clientKey;
  const header = clientKey === "" ? "" : `-H "authorization: Bearer ${clientKey}" `;
  return `Settings for your client (a page for each is in docs/clients):
  OpenAI API     http://localhost:8000/v1
  Anthropic API  http://localhost:8000
  Gemini API     http://localhost:8000
  Ollama API     http://localhost:8000
  key            ${key}
  model          ${model}

Try it:
curl -N http://localhost:8000/v1/chat/completions ${header}-H "content-type: application/json" \\
  -d '{"model": "${model}", "stream": true, "messages": [{"role": "user", "content": "Hello!"}]}'`;
}
