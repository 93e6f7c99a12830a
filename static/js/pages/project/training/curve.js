/** The curve of a training: validation and loss over its steps, as SVG. */

import { t } from "../../../core/text.js";
import { fill, h } from "../../shared/dom.js";
import { figure } from "./words.js";

/** @typedef {import("../../../core/api-types.js").TrainingPoint} Point */
/** @typedef {[x: number, y: number]} At */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 220;
const LEAST_WIDTH = 240;
const LEFT = 48;
const RIGHT = 48;
const TOP = 12;
const BOTTOM = 28;
const LINES = 4; // between the highest and the lowest value of an axis
const LEAST_SPAN = 0.02; // of an axis: less would make mountains of noise

/** @param {string} tag @param {Record<string, string|number>} attributes @param {...(Node|string)} children */
function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export function createCurve() {
  const drawing = h("div", { class: "training-drawing" });
  /** @type {readonly Point[]} */
  let shown = [];
  const key = (/** @type {string} */ kind, /** @type {string} */ words) => h("li", {}, h("span", { class: "training-key", "data-kind": kind }), words);
  const before = key("before", t("Before training"));
  const element = h(
    "figure",
    { class: "training-curve", hidden: true },
    h("ul", { class: "training-legend" }, key("validation", t("Mean IoU on validation images")), key("loss", t("Loss")), before),
    drawing,
  );

  function draw() {
    element.hidden = shown.length < 2;
    if (element.hidden) return;
    const measured = shown.flatMap(({ step, validation }) => (validation === null ? [] : [/** @type {At} */ ([step, validation])]));
    const losses = shown.flatMap(({ step, loss }) => (loss === null ? [] : [/** @type {At} */ ([step, loss])]));
    const base = shown[0].step === 0 ? (shown[0].validation ?? undefined) : undefined;
    before.hidden = base === undefined;
    fill(drawing, drawn(Math.max(LEAST_WIDTH, drawing.clientWidth), measured, losses, base, shown[shown.length - 1].step));
  }

  let width = 0;
  new ResizeObserver(() => {
    if (drawing.clientWidth !== width) draw();
    width = drawing.clientWidth;
  }).observe(drawing);

  return {
    element,
    /** @param {readonly Point[]} points */
    show(points) {
      shown = points;
      draw();
    },
  };
}

/** @param {number} width @param {readonly At[]} measured @param {readonly At[]} losses @param {number|undefined} base @param {number} last */
function drawn(width, measured, losses, base, last) {
  const end = width - RIGHT;
  const x = (/** @type {number} */ step) => LEFT + ((end - LEFT) * step) / Math.max(1, last);
  const left = axisOf([...measured.map(([, value]) => value), ...(base === undefined ? [] : [base])]);
  const right = axisOf(losses.map(([, value]) => value));
  const svg = s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": summary(measured, losses, last) });
  for (let line = 0; line <= LINES; line++) {
    const y = TOP + ((HEIGHT - TOP - BOTTOM) * line) / LINES;
    svg.append(s("line", { class: "training-grid", x1: LEFT, x2: end, y1: y, y2: y }));
    const part = 1 - line / LINES;
    if (measured.length) svg.append(s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, left.at(part).toFixed(2)));
    if (losses.length) svg.append(s("text", { x: end + 6, y: y + 4 }, right.at(part).toPrecision(2)));
  }
  svg.append(s("text", { x: LEFT, y: HEIGHT - 6 }, "0"), s("text", { x: end, y: HEIGHT - 6, "text-anchor": "end" }, t("{count} steps", { count: last })));
  if (base !== undefined) svg.append(s("line", { class: "training-line", "data-kind": "before", x1: LEFT, x2: end, y1: left.y(base), y2: left.y(base) }));
  svg.append(path("loss", losses, x, right.y), path("validation", measured, x, left.y));
  const now = measured[measured.length - 1];
  if (now) svg.append(s("circle", { class: "training-end", cx: x(now[0]), cy: left.y(now[1]), r: 3.5 }));
  return svg;
}

/** @param {string} kind @param {readonly At[]} points @param {(step: number) => number} x @param {(value: number) => number} y */
function path(kind, points, x, y) {
  const corners = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return s("polyline", { class: "training-line", "data-kind": kind, points: corners });
}

/** @param {readonly number[]} values */
function axisOf(values) {
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const span = Math.max(LEAST_SPAN, (high - low) * 1.1);
  const bottom = Math.max(0, (low + high - span) / 2);
  return {
    /** @param {number} part  of the axis, from the bottom */
    at: (part) => bottom + part * span,
    /** @param {number} value */
    y: (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - bottom) / span),
  };
}

/** @param {readonly At[]} measured @param {readonly At[]} losses @param {number} last */
function summary(measured, losses, last) {
  const value = (/** @type {readonly At[]} */ points) => figure(points[points.length - 1]?.[1] ?? null);
  return t("After {count} steps: mean IoU {validation}, loss {loss}", { count: last, validation: value(measured), loss: value(losses) });
}
