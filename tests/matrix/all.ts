/** Every client and every upstream of the matrix. */

import type { Client } from "./client.ts";
import { openaiChatClient } from "./clients/openai_chat.ts";
import type { Vendor } from "./vendor.ts";
import { openaiChatVendor } from "./vendors/openai_chat.ts";

export const CLIENTS: readonly Client[] = [openaiChatClient];
export const VENDORS: readonly Vendor[] = [openaiChatVendor];
