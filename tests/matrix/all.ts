/** Every client and every upstream of the matrix. */

import type { Client } from "./client.ts";
import { aiSdkClients } from "./clients/ai_sdk.ts";
import { anthropicClient } from "./clients/anthropic.ts";
import { geminiClient } from "./clients/gemini.ts";
import { ollamaClient } from "./clients/ollama.ts";
import { openaiChatClient } from "./clients/openai_chat.ts";
import { openaiResponsesClient } from "./clients/openai_responses.ts";
import type { Vendor } from "./vendor.ts";
import { anthropicVendor } from "./vendors/anthropic.ts";
import { geminiVendor } from "./vendors/gemini.ts";
import { ollamaVendor } from "./vendors/ollama.ts";
import { openaiChatVendor } from "./vendors/openai_chat.ts";
import { openaiResponsesVendor } from "./vendors/openai_responses.ts";

export const CLIENTS: readonly Client[] = [
  openaiChatClient,
  anthropicClient,
  geminiClient,
  openaiResponsesClient,
  ollamaClient,
  ...aiSdkClients,
];
export const VENDORS: readonly Vendor[] = [
  openaiChatVendor,
  anthropicVendor,
  geminiVendor,
  openaiResponsesVendor,
  ollamaVendor,
];
