/** What stands for a message of which its upstream can be shown nothing: without it the model would answer another one. */

import type { UserPart } from "../chat/request.ts";

const NAMES = {
  text: undefined,
  image: "a picture",
  file: "a file",
  audio: "a recording",
  video: "a video",
  opaque: "something",
} as const satisfies Record<UserPart["type"], string | undefined>;

/** The note; `undefined` where there was nothing to be shown. */
export function unshown(parts: readonly UserPart[]): string | undefined {
  const names = new Set(parts.map(({ type }) => NAMES[type]).filter((name) => name !== undefined));
  return names.size === 0 ? undefined : `[Here is ${[...names].join(" and ")} that this model cannot be given]`;
}
