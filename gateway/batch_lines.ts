/** Writes the log's lines in batches: those of one turn of the event loop cost the runtime as much as one. */

/** Ways for a process to end before the event loop turns; a crash's last lines are the ones that are looked for. */
const ENDS = ["unload", "error", "unhandledrejection"] as const;

/** For the life of the process. Takes lines, and gives `write` all that came until the event loop turned, or the process ends, in one text. */
export function batchLines(write: (text: string) => void): (line: string) => void {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const text = lines.join("\n");
    lines = [];
    write(text);
  };
  for (const end of ENDS) globalThis.addEventListener(end, flush);
  return (line) => {
    if (lines.push(line) === 1) setImmediate(flush);
  };
}
