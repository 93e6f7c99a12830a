/** What is under the pointer, in numbers: place, colour, label; and the lines of the crosshair. */

import { effect } from "../../../core/signals.js";
import { objectAt } from "../../../editor/picking.js";
import { viewOptions } from "../../../editor/view-options.js";
import { h } from "../../shared/dom.js";

/** @typedef {{x: number, y: number}} Place */

const REST_MS = 100;

/**
 * @param {HTMLElement} room the stage
 * @param {{editor: import("../../../editor/editor.js").Editor, stage: import("../../../editor/render/stage.js").Stage}} parts
 */
export function createInspector(room, { editor, stage }) {
  const { doc, viewport } = editor;
  const { objects } = doc;
  const place = h("span", { class: "inspector-place" });
  const swatch = h("span", { class: "inspector-swatch", "aria-hidden": "true" });
  const color = h("span", { class: "inspector-color" });
  const label = h("span", { class: "inspector-label" });
  const line = h("p", { class: "inspector", hidden: true }, place, swatch, color, label);
  const across = h("div", { class: "crosshair-across", hidden: true });
  const down = h("div", { class: "crosshair-down", hidden: true });
  room.append(across, down, line);
  const pixel = h("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  /** The pointer, CSS pixels of the stage; null while it is elsewhere. @type {Place|null} */
  let at = null;
  let due = 0;

  /** @param {Place} spot whole image pixels @returns {number[]|null} red, green, blue */
  function colorAt({ x, y }) {
    const picture = stage.picture.peek();
    if (!picture || !pixel) return null;
    const { width, height } = viewport.picture.peek();
    const [fx, fy] = [picture.naturalWidth / width, picture.naturalHeight / height];
    pixel.drawImage(picture, x * fx, y * fy, fx, fy, 0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  function show() {
    due = 0;
    const spot = at && viewport.toImage(at);
    const inside = spot !== null && viewport.contains(spot);
    line.hidden = !viewOptions.inspector.peek() || !inside;
    across.hidden = down.hidden = !viewOptions.crosshair.peek() || !at;
    if (at) {
      across.style.setProperty("--y", `${Math.round(at.y)}px`);
      down.style.setProperty("--x", `${Math.round(at.x)}px`);
    }
    if (line.hidden || !spot) return;
    const whole = { x: Math.floor(spot.x), y: Math.floor(spot.y) };
    place.textContent = `${whole.x}, ${whole.y}`;
    const rgb = colorAt(whole);
    color.textContent = rgb ? rgb.join(" ") : "";
    swatch.style.setProperty("--color", rgb ? `rgb(${rgb.join(" ")})` : "transparent");
    label.textContent = objectAt(doc.objects.all.peek(), objects.concealed.peek(), spot)?.label ?? "";
  }

  const wanted = () => {
    due ||= requestAnimationFrame(show);
  };
  let restDue = 0;
  room.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || !(event.target instanceof Element) || event.target.closest("button")) return;
    const { left, top } = room.getBoundingClientRect();
    at = { x: event.clientX - left, y: event.clientY - top };
    if (!event.buttons || viewOptions.crosshair.peek()) wanted();
  });
  room.addEventListener("pointerleave", () => {
    at = null;
    wanted();
  });
  effect(() => {
    void [viewport.view.value, stage.picture.value, doc.objects.all.value, objects.concealed.value];
    void [viewOptions.inspector.value, viewOptions.crosshair.value];
    clearTimeout(restDue); // while the picture moves, its frames come first
    restDue = window.setTimeout(wanted, REST_MS);
  });
}
