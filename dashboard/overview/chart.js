/** One plot by uPlot: in the theme's colours, as wide as its place, with what is under the pointer below it. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

/**
 * @typedef {object} ChartProps
 * @property {unknown} title a text, or what htm made
 * @property {(value: number | null | undefined) => string} format
 * @property {number} span milliseconds of a bucket
 * @property {readonly { name: string, colour: string, bars?: boolean, dash?: number[] }[]} lines
 * @property {(number | null)[][]} data times in seconds, then the values of each line
 */

const HEIGHT = 190;
const BARS = /** @type {uPlot.Series.PathBuilder} */ (uPlot.paths.bars?.({ size: [0.7, 40] }));

/** @param {ChartProps} props */
export function Chart({ title, format, span, lines, data }) {
  const place = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    let plot = draw();
    /** @returns {uPlot} */
    function draw() {
      const element = /** @type {HTMLDivElement} */ (current);
      element.replaceChildren();
      return new uPlot(
        optionsOf({ title, format, span, lines, data }, element),
        /** @type {uPlot.AlignedData} */ (data),
        element,
      );
    }
    function redraw() {
      plot.destroy();
      plot = draw();
    }
    const resized = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: HEIGHT }));
    resized.observe(current);
    const system = matchMedia("(prefers-color-scheme: dark)");
    addEventListener("themechange", redraw);
    system.addEventListener("change", redraw);
    return () => {
      resized.disconnect();
      removeEventListener("themechange", redraw);
      system.removeEventListener("change", redraw);
      plot.destroy();
    };
  }, [data]);
  return html`
    <figure class="panel plot">
      <figcaption>${title}</figcaption>
      <div ref=${place}></div>
    </figure>
  `;
}

/**
 * @param {ChartProps} props
 * @param {HTMLElement} element
 * @returns {uPlot.Options}
 */
function optionsOf({ format, span, lines }, element) {
  const text = colourOf(element, "--muted");
  const grid = colourOf(element, "--line");
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: "11px system-ui" };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    // The label of the last time stands half beside the plot.
    padding: [10, 22, 0, 0],
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [{ ...axis, size: 28, space: 60, values: (_, ticks) => ticks.map(formatTick) }, {
      ...axis,
      size: 58,
      values: (_, ticks) => ticks.map(format),
    }],
    series: [
      { value: (_, time) => time === null ? "–" : formatBucket(time * 1000, span) },
      ...lines.map(({ name, colour, bars, dash }) => ({
        label: name,
        stroke: colourOf(element, colour),
        width: 1.75,
        // A line through one point is none.
        points: { show: isAlone, size: 6 },
        spanGaps: true,
        value: (/** @type {uPlot} */ _, /** @type {number | null} */ value) => format(value),
        ...(dash && { dash }),
        ...(bars && { fill: colourOf(element, colour), width: 0, paths: BARS }),
      })),
    ],
  };
}

/**
 * Whether a series has a single value.
 *
 * @param {uPlot} plot
 * @param {number} series
 */
function isAlone({ data }, series) {
  return Array.from(data[series] ?? []).filter((value) => value !== null && value !== undefined).length === 1;
}

/**
 * The value of a variable in the theme that is on: a canvas does not know variables.
 *
 * @param {HTMLElement} element
 * @param {string} name
 */
function colourOf(element, name) {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}

const day = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });
const hour = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/**
 * The day where one begins, else the hour.
 *
 * @param {number} seconds
 */
function formatTick(seconds) {
  const date = new Date(seconds * 1000);
  return date.getHours() + date.getMinutes() === 0 ? day.format(date) : hour.format(date);
}

/**
 * @param {number} at
 * @param {number} span
 */
function formatBucket(at, span) {
  return span >= 86_400_000 ? day.format(at) : `${day.format(at)} ${hour.format(at)}`;
}
