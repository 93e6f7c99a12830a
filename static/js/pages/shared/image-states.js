/** The states of images as people see them: name, icon, and which of them mean that something is left to do. */

import { OPEN_STATES } from "../../core/image-states.js";
import { t } from "../../core/text.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("../../core/types.js").ImageState} ImageState */
/** @typedef {Exclude<ImageState, "returned"|"accepted">} Settable */

/** In the order they are sorted by. @type {readonly ImageState[]} */
export const STATES = Object.freeze(["new", "in_progress", "returned", "attention", "skipped", "done", "accepted"]);

/** @type {Readonly<Record<ImageState, string>>} */
export const STATE_TITLES = Object.freeze({
  new: t("New"),
  in_progress: t("In progress"),
  returned: t("Returned"),
  attention: t("Needs attention"),
  skipped: t("Skipped"),
  done: t("Done"),
  accepted: t("Accepted"),
});

/** Those that reviewers give. @type {readonly ImageState[]} */
export const REVIEWED = Object.freeze(["returned", "accepted"]);
/** Those that whoever annotates gives. */
export const SETTABLE = /** @type {readonly Settable[]} */ (STATES.filter((state) => !REVIEWED.includes(state)));

/** The icon in its colour, without a name: what stands beside it says it. @param {ImageState} state */
export function stateIcon(state) {
  return h("span", { class: "state-icon", "data-state": state }, icon(`state-${state}`));
}

/** @param {import("../../core/types.js").StateCounts} counts */
export function openCount(counts) {
  return OPEN_STATES.reduce((sum, state) => sum + counts[state], 0);
}

/** A bar of the states' shares, told in words to those who do not see it. @param {import("../../core/types.js").StateCounts} counts */
export function stateBar(counts) {
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  const present = STATES.filter((state) => counts[state] > 0);
  const words = present.map((state) => `${STATE_TITLES[state]}: ${counts[state]}`).join(t(", "));
  const parts = [...present].reverse().map((state) => {
    const part = h("span", { class: "state-share", "data-state": state });
    part.style.setProperty("--share", String(counts[state] / total));
    return part;
  });
  return h(
    "span",
    { class: "state-bar", role: "img", "aria-label": words || t("No images yet"), title: words || null },
    ...parts,
  );
}

/**
 * How many of those who annotate an image without seeing each other's work are done; empty where nobody does, or for whom
 * that is not to know.
 * @param {readonly {state?: ImageState}[]} assigned @param {{settings: {annotators_per_image: number}}} project
 */
export function doneOf(assigned, { settings: { annotators_per_image: total } }) {
  if (total < 2 || !assigned.some(({ state }) => state)) return "";
  return t("{count} of {total} done", { count: assigned.filter(({ state }) => state === "done").length, total });
}
