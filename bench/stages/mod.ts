/** Every stage that is measured alone. */

import { byteStages } from "./bytes.ts";
import { codecStages } from "./codecs.ts";
import { requestStages } from "./requests.ts";
import type { Stage } from "./stage.ts";
import { storyStages } from "./story.ts";

export { runTimes, type Stage } from "./stage.ts";

export const STAGES: readonly Stage[] = [...byteStages, ...codecStages, ...storyStages, ...requestStages];
