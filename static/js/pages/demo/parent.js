/**
 * The page that has this one in a frame hears what is done here, and may ask for what a person could do. Messages are objects
 * with `samphire`: the name of what happened, or of what is asked for.
 *
 *     to the page:    {samphire: "ready", image: {id, name, width, height}}
 *                     {samphire: "objects", objects: [{id, label, rle, area, bbox, predicted_iou}]}  whenever they change
 *     from the page:  {samphire: "prompt", points: [[x, y, 1]], box: [x0, y0, x1, y1]}  image pixels; 1 includes, 0 excludes
 *                     {samphire: "accept"}, {samphire: "clear"}, {samphire: "label", name}, {samphire: "delete", id}
 */

import { effect } from "../../core/signals.js";

const MOST_POINTS = 200;
const MOST_LETTERS = 100;

/** @param {unknown} value @returns {value is number} */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** @param {unknown} value @returns {import("../../core/types.js").Point[]} */
function pointsOf(value) {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_POINTS).flatMap((each) => {
    const [x, y, label] = Array.isArray(each) ? each : [];
    return isNumber(x) && isNumber(y) ? [{ x, y, label: label === 0 ? /** @type {const} */ (0) : /** @type {const} */ (1) }] : [];
  });
}

/** @param {unknown} value @returns {import("../../core/types.js").Box|null} */
function boxOf(value) {
  const isBox = Array.isArray(value) && value.length === 4 && value.every(isNumber);
  return isBox ? /** @type {import("../../core/types.js").Box} */ (value) : null;
}

/** @param {{doc: import("../../document/document.js").Document, images: readonly import("../../core/types.js").ImageInfo[]}} parts */
export function tellParent({ doc, images }) {
  const { parent } = window;
  if (parent === window) return;
  /** @param {object} message */
  const tell = (message) => parent.postMessage(message, "*"); // whoever has the frame has the link
  let ready = false;
  effect(() => {
    if (ready || (doc.work.value.phase !== "ready" && !doc.readOnly)) return;
    ready = true;
    const [{ id, name, width, height }] = images;
    tell({ samphire: "ready", image: { id, name, width, height } });
  });
  effect(() => {
    const objects = doc.objects.all.value.map(({ id, label, rle, area, bbox, predicted_iou }) => ({ id, label, rle, area, bbox, predicted_iou }));
    if (doc.objects.loaded.value) tell({ samphire: "objects", objects });
  });

  /** @type {Record<string, (asked: any) => void>} */
  const does = {
    prompt: ({ points, box }) => doc.prompting.say(pointsOf(points), boxOf(box)),
    accept: () => void doc.accept(),
    clear: () => doc.prompting.cancel(),
    label({ name }) {
      if (typeof name === "string" && name.trim()) doc.labels.add(name.trim().slice(0, MOST_LETTERS));
    },
    delete: ({ id }) => doc.change({ edit: doc.removing(new Set([String(id)])) }),
  };
  window.addEventListener("message", ({ source, data }) => {
    if (source !== parent || doc.readOnly || !data || typeof data !== "object") return;
    const name = String(data.samphire);
    if (Object.hasOwn(does, name)) does[name](data);
  });
}
