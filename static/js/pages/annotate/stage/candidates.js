/** The candidate bar: thumbnails with ratings, accept and clear; docked where neither pointer nor object is, or where a person puts it. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { extentsOf, joined } from "../../../geometry/extents.js";
import { keysOf } from "../../../editor/actions/keymap.js";
import { keyText } from "../../../editor/actions/key-events.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { showKeys } from "../commands/keys-shown.js";
import { createGrip } from "./bar-grip.js";
import { frameOf, marksOf } from "../../shared/stage/candidate-thumb.js";
import { createCandidateThumbs } from "../../shared/stage/candidate-thumbs.js";
import { docked, leastCovering, rectAt } from "./placing.js";
import { usualExtent } from "./usual-extent.js";

/** @typedef {import("../../../core/types.js").Box} Box */
/** @typedef {import("./placing.js").Rect} Rect */

const REST_MS = 150; // without a change of the view, until the bar looks for a place again
const PHONE = matchMedia("(width < 720px)");

/**
 * @param {HTMLElement} room the stage
 * @param {{app: import("../../../editor/actions/action.js").App, stage: import("../../../editor/render/stage.js").Stage, dock: HTMLElement, taken: () => readonly Rect[]}} parts
 *   dock: where it goes when the object leaves no room; taken: what else lies over the stage
 */
export function createCandidates(room, { app, stage, dock, taken }) {
  const { doc } = app;
  const { viewport } = app.editor;
  const { prompting } = doc;
  const { prompt, decoded, choice } = prompting;
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  const label = h("span", { class: "label-name" });
  const enter = h("kbd", {});
  const accept = h(
    "button",
    { type: "button", class: "button primary accept", onclick: () => void doc.accept() },
    icon("check"),
    h("span", { class: "accept-as" }, dot, label),
    enter,
  );
  const drop = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("Clear prompt"), onclick: prompting.cancel },
    icon("close"),
  );
  const grip = createGrip({ rect: here, room: () => viewport.size.peek(), moved: put, said: doc.said });
  const row = h("div", { class: "candidates-row" }, grip.handle, createCandidateThumbs({ doc, stage }), accept, drop, grip.automatic);
  const bar = h(
    "div",
    { class: "candidates", role: "group", "aria-label": t("Current mask"), hidden: true },
    row,
    usualExtent(app),
  );
  bar.addEventListener("pointerdown", (event) => event.stopPropagation()); // no click on the picture below it
  room.append(bar);
  /** Of the object being made; null before it has one. @type {import("./placing.js").Dock|'panels'|null} */
  let before = null;
  let byHand = false; // put there for this object: it stays, whatever is below it
  let restDue = 0;
  /** The mouse, CSS pixels of the stage. @type {{x: number, y: number}|null} */
  let pointer = null;

  room.addEventListener("pointermove", (event) => {
    const { left, top } = room.getBoundingClientRect();
    pointer = event.pointerType === "touch" ? null : { x: event.clientX - left, y: event.clientY - top };
  });
  room.addEventListener("pointerleave", () => (pointer = null));

  /** Where the bar is, CSS pixels of the stage. @returns {Rect} */
  function here() {
    const { left, top } = room.getBoundingClientRect();
    const { x, y, width, height } = bar.getBoundingClientRect();
    return { x: x - left, y: y - top, width, height };
  }

  /** @param {Box} box image frame @returns {Rect} CSS pixels of the stage */
  function onScreen([x0, y0, x1, y1]) {
    const from = viewport.toScreen({ x: x0, y: y0 });
    const to = viewport.toScreen({ x: x1, y: y1 });
    return {
      x: Math.min(from.x, to.x), // a turned view swaps the corners
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
  }

  /** What is to be kept free: all candidates, so that looking through them moves nothing; else the shown one; else most of it. */
  function objects() {
    const target = doc.image.peek();
    const candidates = decoded.peek()?.candidates;
    if (!target || !candidates) return [];
    const marks = marksOf(prompt.peek());
    const extents = candidates.map((each) => extentsOf(each.lowRes, frameOf(each, target)));
    const shown = extents[choice.peek()];
    const levels = [extents.map(({ most }) => most), [shown?.all], [shown?.most]];
    const boxes = levels.map((each) => [...each.filter((box) => box !== null && box !== undefined), ...marks]);
    return boxes.filter((each) => each.length).map((each) => onScreen(joined(each)));
  }

  /** @param {HTMLElement} home */
  function moveTo(home) {
    set(bar, { "data-docked": home === dock });
    if (bar.parentElement !== home) home.append(bar);
  }

  /** @param {{x: number, y: number}} corner */
  function show({ x, y }) {
    bar.style.setProperty("--x", `${x}px`);
    bar.style.setProperty("--y", `${y}px`);
    set(room, { "data-bar-below": !!before?.startsWith("bottom"), "data-bar-above": !!before?.startsWith("top") });
  }

  function put() {
    byHand = grip.wish.peek() !== null;
    before = byHand ? "wish" : null;
    place(true);
  }

  /** @param {boolean} [anew] though the pointer is on it */
  function place(anew = false) {
    const all = objects();
    if (!all.length || bar.hidden) return;
    const used = bar.matches(":hover") || bar.contains(document.activeElement);
    if (before && used && !anew) return; // nothing moves under the pointer
    if (before === "panels") return;
    moveTo(room); // measured as it floats: docked it may be folded
    const size = { width: bar.offsetWidth, height: bar.offsetHeight };
    const wish = grip.wish.peek();
    if (byHand && wish) {
      show(rectAt(wish, size, viewport.size.peek()));
      return;
    }
    const asked = { size, room: viewport.size.peek(), objects: all, before, taken: taken() };
    const marks = marksOf(prompt.peek()).map(onScreen);
    const found = docked({ ...asked, wish, pointer }) ?? (PHONE.matches ? leastCovering({ ...asked, marks }) : null);
    before = found?.dock ?? "panels";
    if (found) show(found.rect);
    else moveTo(dock);
  }

  function placeAtRest() {
    clearTimeout(restDue);
    restDue = window.setTimeout(() => {
      if (before === "panels") before = null; // elsewhere in the picture, or smaller, there may be room
      place();
    }, REST_MS);
  }

  effect(() => {
    bar.hidden = !decoded.value?.candidates.length;
    if (bar.hidden) {
      before = null;
      byHand = false;
      set(room, { "data-bar-below": false, "data-bar-above": false });
    }
  });

  showKeys(accept, "accept", (hint) => t("Accept mask") + hint);
  showKeys(drop, "cancel", (hint) => t("Clear prompt") + hint);
  effect(() => {
    enter.textContent = keyText(keysOf("accept")[0] ?? "");
  });
  effect(() => {
    const refined = doc.refined.value;
    const { name, color } = refined ? { name: refined.label, color: refined.color } : doc.labels.active.value;
    label.textContent = refined ? t("Update {label}", { label: name }) : name;
    dot.style.setProperty("--color", color);
    const told = { label: name };
    set(accept, { "aria-label": refined ? t("Update {label}", told) : t("Accept as {label}", told) });
  });

  effect(() => set(bar, { "aria-busy": doc.segmenters.value.next ? "true" : null }));

  const placeNow = () => queueMicrotask(() => place()); // when everything else has followed the signals
  effect(() => {
    void [decoded.value, choice.value, viewport.size.value, app.tools.active.value];
    placeNow();
  });
  new ResizeObserver(placeNow).observe(bar);
  effect(() => {
    void viewport.view.value;
    placeAtRest();
  });
  for (const end of ["pointerleave", "focusout"]) bar.addEventListener(end, placeAtRest);
}
