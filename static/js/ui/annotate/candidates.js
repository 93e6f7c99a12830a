/** The strip of candidates: thumbnails with scores near the prompt, never over the object; accept and drop. */

import { effect } from "../../core/signals.js";
import { choice, decoded, image, prompt, segmenters } from "../../core/state.js";
import { t } from "../../core/text.js";
import { InputFrame } from "../../geometry/frames.js";
import { drawThumbnail, extentOf, joined } from "../../render/thumbnail.js";
import { keysOf } from "../../actions/keymap.js";
import { keyText } from "../../actions/keys.js";
import { fill, h, set } from "../dom.js";
import { score } from "../format.js";
import { icon } from "../icons.js";
import { showKeys } from "../keys-shown.js";
import { usualExtent } from "./usual-extent.js";
import { freePlace } from "./placing.js";

/** @typedef {import("../../core/types.js").Candidate} Candidate */

/** @param {Candidate} candidate @param {number} index @param {number} count */
function nameOf({ predictedIou, areaFraction }, index, count) {
  const share = Math.max(1, Math.round(100 * areaFraction));
  const said = { number: index + 1, count, iou: score(predictedIou), share };
  return t("Candidate {number} of {count}, predicted IoU {iou}, {share} % of the picture", said);
}

const THUMB = Object.freeze({ width: 72, height: 54 });

/**
 * @param {HTMLElement} room the stage
 * @param {{app: import("../../actions/action.js").App, stage: import("../../render/stage.js").Stage, dock: HTMLElement, taken: () => import("./placing.js").Rect|null}} parts
 *   dock: where it goes when the object leaves no room; taken: what else lies over the stage
 */
export function createCandidates(room, { app, stage, dock, taken }) {
  const { session } = app;
  const { prompting, viewport } = session;
  const thumbs = h("div", { class: "thumbs", role: "radiogroup", "aria-label": t("Candidates") });
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  const label = h("span", { class: "label-name" });
  const enter = h("kbd", {});
  const accept = h(
    "button",
    {
      type: "button",
      class: "button primary accept",
      onclick: () => void session.accept(),
    },
    icon("check"),
    h("span", { class: "accept-as" }, dot, label),
    enter,
  );
  const drop = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": t("Clear the prompt"),
      onclick: prompting.cancel,
    },
    icon("close"),
  );
  const strip = h(
    "div",
    { class: "candidates", role: "group", "aria-label": t("Mask being made"), hidden: true },
    thumbs,
    accept,
    drop,
    usualExtent(app),
  );
  strip.addEventListener("pointerdown", (event) => event.stopPropagation()); // no click on the picture below it
  room.append(strip);
  /** @type {import("./placing.js").Rect|null} */
  let placed = null;

  /** @param {Candidate} candidate @param {number} index @param {Candidate[]} all */
  function thumb(candidate, index, all) {
    const target = image.peek();
    const canvas = h("canvas", { width: THUMB.width * 2, height: THUMB.height * 2, "aria-hidden": "true" });
    if (target)
      drawThumbnail(
        canvas,
        candidate.lowRes,
        all.map(({ lowRes }) => lowRes),
        new InputFrame(target.width, target.height, candidate.lowRes.resize),
        stage.picture.value,
      );
    const iou = score(candidate.predictedIou);
    const title = t("Predicted IoU {iou}, stability {stability}", { iou, stability: score(candidate.stability) });
    return h(
      "button",
      {
        type: "button",
        class: "thumb",
        role: "radio",
        "aria-label": nameOf(candidate, index, all.length),
        title,
        onclick: () => prompting.choose(index),
      },
      canvas,
      h("span", { class: "score" }, iou),
      h("kbd", { class: "tab-hint", "aria-hidden": "true" }, "Tab"),
    );
  }

  thumbs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    prompting.cycle(step);
    /** @type {HTMLElement|null} */ (thumbs.children[choice.peek()])?.focus();
  });

  /** @param {HTMLElement} home */
  function moveTo(home) {
    set(strip, { "data-docked": home === dock });
    if (strip.parentElement !== home) home.append(strip);
  }

  function place() {
    const answer = decoded.peek();
    const target = image.peek();
    if (!answer || !target || strip.hidden) return;
    const { lowRes } = answer.candidates[choice.peek()];
    const area = extentOf(lowRes, new InputFrame(target.width, target.height, lowRes.resize));
    const { points, box } = prompt.peek();
    const marks = points.map(({ x, y }) => /** @type {[number, number, number, number]} */ ([x, y, x, y]));
    const [x0, y0, x1, y1] = joined([...(area ? [area] : []), ...marks, ...(box ? [box] : [])]);
    const from = viewport.toScreen({ x: x0, y: y0 });
    const to = viewport.toScreen({ x: x1, y: y1 });
    const object = {
      x: Math.min(from.x, to.x), // a turned view swaps the corners
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
    moveTo(room); // measured as it floats: docked it may be folded
    const size = { width: strip.offsetWidth, height: strip.offsetHeight };
    placed = freePlace(object, size, viewport.size.peek(), placed, taken());
    if (!placed) {
      moveTo(dock);
      return;
    }
    strip.style.setProperty("--x", `${Math.round(placed.x)}px`);
    strip.style.setProperty("--y", `${Math.round(placed.y)}px`);
  }

  effect(() => {
    const answer = decoded.value;
    strip.hidden = !answer;
    if (!answer) placed = null;
    fill(thumbs, ...(answer ? answer.candidates.map(thumb) : []));
    thumbs.hidden = (answer?.candidates.length ?? 0) < 2;
  });

  effect(() => {
    const candidate = decoded.value?.candidates[choice.value];
    const count = thumbs.children.length;
    if (candidate) session.said.value = nameOf(candidate, choice.value, count);
    [...thumbs.children].forEach((element, i) => {
      set(element, {
        "aria-checked": String(i === choice.value),
        tabindex: i === choice.value ? "0" : "-1",
        "data-next": count > 1 && i === (choice.value + 1) % count,
      });
    });
  });

  showKeys(accept, "accept", (hint) => t("Accept the mask") + hint);
  showKeys(drop, "cancel", (hint) => t("Clear the prompt") + hint);
  effect(() => {
    enter.textContent = keyText(keysOf("accept")[0] ?? "");
  });
  effect(() => {
    const refined = session.refined.value;
    const { name, color } = refined ? { name: refined.label, color: refined.color } : session.labels.active.value;
    label.textContent = refined ? t("Update {label}", { label: name }) : name;
    dot.style.setProperty("--color", color);
    const told = { label: name };
    set(accept, { "aria-label": refined ? t("Update {label}", told) : t("Accept as {label}", told) });
  });

  effect(() => set(strip, { "aria-busy": segmenters.value.next ? "true" : null }));

  effect(() => {
    void [decoded.value, choice.value, viewport.view.value, viewport.size.value, session.labels.active.value];
    void [session.refined.value, session.preference.accepted.value];
    place();
  });
}
