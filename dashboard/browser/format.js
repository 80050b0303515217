/** Numbers and times as people read them. What is not known is a dash: never 0. */
/// <reference lib="dom" />

export const UNKNOWN = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

/** @param {number | null | undefined} count */
export function formatCount(count) {
  if (count == null) return UNKNOWN;
  return count < 10_000 ? whole.format(count) : compact.format(count);
}

/** @param {number | null | undefined} count */
export function formatWhole(count) {
  return count == null ? UNKNOWN : whole.format(count);
}

/** @param {number | null | undefined} milliseconds */
export function formatDuration(milliseconds) {
  if (milliseconds == null) return UNKNOWN;
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round(milliseconds % 60_000 / 1000)} s`;
}

/** @param {number | null | undefined} dollars */
export function formatCost(dollars) {
  if (dollars == null) return UNKNOWN;
  if (dollars === 0) return "$0";
  if (dollars >= 1000) return `$${compact.format(dollars)}`;
  if (dollars >= 0.01) return `$${dollars.toFixed(dollars >= 1 ? 2 : 3)}`;
  return dollars < 0.000001 ? "<$0.000001" : `$${Number(dollars.toPrecision(2)).toFixed(6).replace(/0+$/, "")}`;
}

/**
 * The time, with the day where it is not today's.
 *
 * @param {number} at
 */
export function formatTime(at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time.format(date) : `${day.format(date)} ${time.format(date)}`;
}

/** @param {number | null | undefined} bytes */
export function formatBytes(bytes) {
  if (bytes == null) return UNKNOWN;
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
