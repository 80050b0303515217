/** The gateway's log: one JSON object a line, or a short readable line on a terminal. Nothing leaves it unredacted. */

import type { Redact } from "./redact.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

export type Log = { readonly [Level in LogLevel]: (message: string, fields?: LogFields) => void };

export interface LogOptions {
  level: LogLevel;
  format: "json" | "pretty";
  redact: Redact;
  write: WriteLine;
  now: () => number;
}

/** Takes one line, without its LF, as what makes it: whoever writes many at once makes them at once, too. */
export type WriteLine = (compose: () => string) => void;

export function createLog(options: LogOptions): Log {
  const format = FORMATS[options.format];
  const least = LOG_LEVELS.indexOf(options.level);
  const logger = (level: LogLevel) => {
    if (LOG_LEVELS.indexOf(level) < least) return () => {};
    return (message: string, fields: LogFields = {}) => {
      const time = options.now();
      options.write(() => options.redact(format({ time: new Date(time), level, message, fields })));
    };
  };
  return { debug: logger("debug"), info: logger("info"), warn: logger("warn"), error: logger("error") };
}

interface Line {
  time: Date;
  level: LogLevel;
  message: string;
  fields: LogFields;
}

const FORMATS = { json: formatJson, pretty: formatPretty } as const;

/** One object; not made as one, as V8 takes nearly twice as long to make and write it then. */
function formatJson({ time, level, message, fields }: Line): string {
  const head = JSON.stringify({ time: time.toISOString(), level, message });
  const rest = JSON.stringify(fields);
  return rest === "{}" ? head : `${head.slice(0, -1)},${rest.slice(1)}`;
}

const COLORS = { debug: 90, info: 36, warn: 33, error: 31 } as const satisfies Record<LogLevel, number>;

function formatPretty({ time, level, message, fields }: Line): string {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const clock = time.toISOString().slice(11, 23);
  return [`\x1b[${COLORS[level]}m${clock} ${level.padEnd(5)}\x1b[0m`, message, ...details].join(" ");
}
