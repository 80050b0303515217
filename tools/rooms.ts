/** The rooms of the project and the arrows between them, as a question: may this file import that one? */

/** A room may import those of a lower rank; rooms of one rank do not know each other. */
const RANKS: Readonly<Record<string, number>> = {
  chat: 0,
  streaming: 1,
  dialects: 2,
  providers: 3,
  records: 3,
  dashboard: 3,
  gateway: 4,
  app: 5,
  main: 6,
  deploy: 6,
};

/** Rooms that may import anything, and that nothing else imports. */
const OUTSIDE: readonly string[] = ["tests", "bench", "tools"];

/** What is wrong with an import, as "state" of a message; `undefined` if nothing is. Paths are from the project's root. */
export function arrowFault(from: string, to: string): string | undefined {
  const [own, other] = [roomOf(from), roomOf(to)];
  const rank = RANKS[own];
  if (rank === undefined) return undefined;
  if (OUTSIDE.includes(other)) return `${other}/ is not part of the program`;
  if (own === other) return own === "dialects" ? dialectFault(from, to) : undefined;
  const otherRank = RANKS[other];
  if (otherRank === undefined || otherRank < rank) return undefined;
  return `arrows go main, deploy → app → gateway → {providers, records, dashboard} → dialects → streaming → chat`;
}

/** Folders in `dialects/` that are no dialect: what several need, and one file could not hold. */
const SHARED_FOLDERS: ReadonlySet<string> = new Set(["json_schema", "embeddings"]);

/** A dialect's folder knows itself and what is shared in `dialects/`. */
function dialectFault(from: string, to: string): string | undefined {
  const [own, other] = [folderOf(from), folderOf(to)];
  if (own === undefined || other === undefined || own === other || SHARED_FOLDERS.has(other)) return undefined;
  return "a dialect does not know another: what both need stands directly in dialects/";
}

function folderOf(path: string): string | undefined {
  const segments = path.split("/");
  return segments.length > 2 ? segments[1] : undefined;
}

/** The first folder, or the name of a file at the root. */
function roomOf(path: string): string {
  return path.split("/")[0]!.replace(/\.tsx?$/, "");
}

/** Whether the path is in a room of the program itself. */
export function isProgram(path: string): boolean {
  return !OUTSIDE.includes(roomOf(path));
}

/** Whether a browser runs the file, which opens its connections and sets its timers by itself. */
export function isBrowsers(path: string): boolean {
  return roomOf(path) === "dashboard" && path.endsWith(".js");
}
