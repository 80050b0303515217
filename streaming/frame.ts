/** One frame of a stream as it stands on the wire, before a dialect gives it meaning. */

/** How a stream is cut into frames: server-sent events, or one JSON a line. */
export type Framing = "sse" | "ndjson";

export interface Frame {
  /** The `event:` field of a server-sent event. */
  event?: string;
  /** The `data:` of a server-sent event (several lines joined by LF), or a line. */
  data: string;
}

/** The canonical text of a server-sent event: `event:` if it has a name, `data:` with its space, LF only, a blank line. */
export function sseText(frame: Frame): string {
  const head = frame.event === undefined ? "" : `event: ${frame.event}\n`;
  const data = frame.data.includes("\n") ? frame.data.replaceAll("\n", "\ndata: ") : frame.data;
  return `${head}data: ${data}\n\n`;
}
