/** Every client and every upstream of the matrix. */

import type { Client } from "./client.ts";
import { anthropicClient } from "./clients/anthropic.ts";
import { geminiClient } from "./clients/gemini.ts";
import { openaiChatClient } from "./clients/openai_chat.ts";
import type { Vendor } from "./vendor.ts";
import { anthropicVendor } from "./vendors/anthropic.ts";
import { geminiVendor } from "./vendors/gemini.ts";
import { openaiChatVendor } from "./vendors/openai_chat.ts";

export const CLIENTS: readonly Client[] = [openaiChatClient, anthropicClient, geminiClient];
export const VENDORS: readonly Vendor[] = [openaiChatVendor, anthropicVendor, geminiVendor];
