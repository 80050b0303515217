/** One line of a model list, before a dialect gives it its shape. */

import type { ModelFacts } from "../chat/model.ts";

export interface ListedModel {
  id: string;
  displayName?: string;
  ownedBy?: string;
  /** Seconds since the epoch. */
  created?: number;
  facts: ModelFacts;
}
