/**
 * The page that has this one in a frame hears what is done here, and may ask for what a person could do. Messages are objects
 * with `samphire`: the name of what happened, or of what is asked for.
 *
 *     to the page:    {samphire: "ready", image: {id, name, width, height}}  clicks on it are answered
 *                     {samphire: "objects", objects: [{id, label, rle, area, bbox, predicted_iou}]}  whenever they change
 *     from the page:  {samphire: "prompt", points: [[x, y, 1]], box: [x0, y0, x1, y1]}  image pixels; 1 includes, 0 excludes
 *                     {samphire: "accept"}, {samphire: "clear"}, {samphire: "label", name}, {samphire: "delete", id}
 */

import { effect } from "../../core/signals.js";

const MOST_POINTS = 200;
const MOST_LETTERS = 100;

/** @typedef {import("../../core/types.js").Point} Point */
/** @typedef {import("../../core/types.js").Box} Box */
/** @typedef {{width: number, height: number}} Size */

/** @param {unknown} value @param {number} size @returns {number|null} within the image; null: it is no number */
const within = (value, size) => (Number.isFinite(value) ? Math.min(size, Math.max(0, /** @type {number} */ (value))) : null);

/** @param {unknown} value @param {Size} image @returns {Point|null} null: it is none */
function pointOf(value, { width, height }) {
  if (!Array.isArray(value)) return null;
  const [x, y, label = 1] = [within(value[0], width), within(value[1], height), value[2]];
  return x === null || y === null || (label !== 0 && label !== 1) ? null : { x, y, label };
}

/** @param {unknown} value @param {Size} image @returns {Box|null} null: it is none, or has no inside */
function boxOf(value, { width, height }) {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [x0, y0, x1, y1] = value.map((each, i) => within(each, i % 2 ? height : width));
  if (x0 === null || y0 === null || x1 === null || y1 === null || x0 === x1 || y0 === y1) return null;
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}

/**
 * What is asked for, in the image; null: nothing that could have a mask.
 * @param {{points?: unknown, box?: unknown}} asked @param {Size} image @returns {{points: Point[], box: Box|null}|null}
 */
export function promptOf({ points = [], box = null }, image) {
  if (!Array.isArray(points) || points.length > MOST_POINTS) return null;
  const said = points.flatMap((each) => pointOf(each, image) ?? []);
  const around = boxOf(box, image);
  if (said.length < points.length || (box !== null && !around)) return null;
  return around || said.some(({ label }) => label === 1) ? { points: said, box: around } : null;
}

/** @param {import("../../document/document.js").Document} doc */
export function tellParent(doc) {
  const { parent } = window;
  if (parent === window) return;
  /** @param {object} message */
  const tell = (message) => parent.postMessage(message, "*"); // whoever has the frame has the link
  let told = ""; // id of the image that is ready
  effect(() => {
    const image = doc.image.value;
    if (!image || image.id === told || (doc.work.value.phase !== "ready" && !doc.readOnly)) return;
    const { id, name, width, height } = image;
    told = id;
    tell({ samphire: "ready", image: { id, name, width, height } });
  });
  effect(() => {
    const objects = doc.objects.all.value.map(({ id, label, rle, area, bbox, predicted_iou }) => ({ id, label, rle, area, bbox, predicted_iou }));
    if (doc.objects.loaded.value) tell({ samphire: "objects", objects });
  });

  /** @type {Record<string, (asked: Record<string, unknown>) => void>} */
  const does = {
    prompt(asked) {
      const image = doc.image.peek();
      const prompt = image && promptOf(asked, image);
      if (prompt) doc.prompting.say(prompt.points, prompt.box);
    },
    accept: () => void doc.accept(),
    clear: () => doc.prompting.cancel(),
    label({ name }) {
      const label = typeof name === "string" ? name.trim().slice(0, MOST_LETTERS) : "";
      if (label) doc.labels.add(label);
    },
    delete({ id }) {
      if (typeof id === "string") doc.change({ edit: doc.removing(new Set([id])) });
    },
  };
  window.addEventListener("message", ({ source, data }) => {
    const asked = data?.samphire;
    if (source === parent && !doc.readOnly && typeof asked === "string" && Object.hasOwn(does, asked)) does[asked](data);
  });
}
