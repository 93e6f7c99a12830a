/** The whole picture in a corner while a part of it is in view; dragged in it, another part is. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { applied, appliedRect, inverse, matrixOf, turnedSize } from "../../../geometry/turns.js";
import { viewOptions } from "../../../editor/view-options.js";
import { h } from "../../shared/dom.js";

const LONGEST = 160; // CSS pixels

/**
 * @param {HTMLElement} room the stage
 * @param {{editor: import("../../../editor/editor.js").Editor, stage: import("../../../editor/render/stage.js").Stage}} parts
 * @returns {{area: () => import("./placing.js").Rect|null}} what of the stage it covers
 */
export function createMinimap(room, { editor, stage }) {
  const { doc, viewport } = editor;
  const canvas = h("canvas", { "aria-hidden": "true" });
  const frame = h("div", { class: "minimap-frame" });
  const element = h("div", { class: "minimap", role: "img", "aria-label": t("Visible part of the image") }, canvas, frame);
  room.append(element);
  let drawn = ""; // what the canvas shows

  /** Image frame to the map's CSS pixels. */
  function mapMatrix() {
    const { turn } = viewport.view.peek();
    const { width, height } = turnedSize(viewport.picture.peek(), turn);
    const scale = LONGEST / Math.max(width, height);
    return matrixOf({ scale, x: 0, y: 0, turn }, viewport.picture.peek());
  }

  /** The part of the picture in view, image frame. */
  function inView() {
    const { width, height } = viewport.size.peek();
    return appliedRect(inverse(viewport.matrix()), [0, 0, width, height]);
  }

  function draw() {
    const picture = stage.picture.peek();
    const { turn } = viewport.view.peek();
    const wanted = `${doc.image.peek()?.id} ${turn} ${picture !== null}`;
    if (wanted === drawn) return;
    drawn = wanted;
    const { width, height } = viewport.picture.peek();
    const [, , right, bottom] = appliedRect(mapMatrix(), [0, 0, width, height]);
    const dpr = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(right * dpr));
    canvas.height = Math.max(1, Math.round(bottom * dpr));
    element.style.setProperty("--width", `${Math.round(right)}px`);
    element.style.setProperty("--height", `${Math.round(bottom)}px`);
    const brush = canvas.getContext("2d");
    if (!brush || !picture) return;
    const [a, b, c, d, e, f] = mapMatrix().map((value) => value * dpr);
    brush.setTransform(a, b, c, d, e, f);
    brush.imageSmoothingQuality = "high";
    brush.drawImage(picture, 0, 0, width, height);
  }

  effect(() => {
    void [viewport.view.value, viewport.size.value, viewport.picture.value, doc.image.value, stage.picture.value];
    const { width, height } = viewport.picture.value;
    const [left, top, right, bottom] = inView();
    const whole = left <= 0 && top <= 0 && right >= width && bottom >= height;
    element.hidden = whole || !viewOptions.minimap.value;
    if (element.hidden) return;
    draw();
    const part = /** @type {const} */ ([Math.max(0, left), Math.max(0, top), Math.min(width, right), Math.min(height, bottom)]);
    const [x0, y0, x1, y1] = appliedRect(mapMatrix(), part);
    const place = { "--x": x0, "--y": y0, "--w": Math.max(4, x1 - x0), "--h": Math.max(4, y1 - y0) };
    for (const [name, value] of Object.entries(place)) frame.style.setProperty(name, `${value.toFixed(1)}px`);
  });

  /** @param {PointerEvent} event */
  function move(event) {
    const { left, top } = canvas.getBoundingClientRect();
    viewport.look(viewport.clip(applied(inverse(mapMatrix()), { x: event.clientX - left, y: event.clientY - top })));
  }

  element.addEventListener("pointerdown", (event) => {
    event.stopPropagation(); // no click on the picture below it
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    move(event);
  });
  element.addEventListener("pointermove", (event) => {
    event.stopPropagation();
    if (element.hasPointerCapture(event.pointerId)) move(event);
  });
  element.addEventListener("pointerup", (event) => event.stopPropagation());

  return {
    area() {
      if (element.hidden) return null;
      return { x: element.offsetLeft, y: element.offsetTop, width: element.offsetWidth, height: element.offsetHeight };
    },
  };
}
