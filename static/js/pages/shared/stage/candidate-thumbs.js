/** The candidates to choose from, as a row of radio buttons: which is shown, which Tab takes next, and the look of the mask being made. */

import { computed, effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { fill, h, set } from "../dom.js";
import { candidateThumb, nameOf, ratedAbove, sharedCrop } from "./candidate-thumb.js";

/**
 * @param {{doc: import("../../../document/document.js").Document, stage: import("../../../editor/render/stage.js").Stage}} parts
 * @returns {HTMLElement} hidden while there is nothing to choose
 */
export function createCandidateThumbs({ doc, stage }) {
  const { prompt, decoded, choice, choose, cycle } = doc.prompting;
  const row = h("div", { class: "thumbs", role: "radiogroup", "aria-label": t("Candidates") });

  const first = computed(() => (decoded.value ? choice.peek() : 0)); // of an answer, before another is looked at
  const candidates = computed(() => decoded.value?.candidates ?? []);
  const top = computed(() => (candidates.value.length > 1 ? ratedAbove(candidates.value, first.value) : null));
  const among = (/** @type {number} */ index) => ({ index, count: candidates.value.length, top: index === top.value });

  const thumbs = computed(() => {
    const all = candidates.value;
    const target = doc.image.peek();
    const part = target && all.length > 1 ? sharedCrop(all, prompt.peek(), target) : null;
    return all.map((candidate, index) => candidateThumb(candidate, among(index), { target, part, choose: () => choose(index) }));
  });
  effect(() => {
    fill(row, ...thumbs.value.map(({ element }) => element));
    row.hidden = thumbs.value.length < 2;
  });
  effect(() => {
    for (const { draw } of thumbs.value) draw(stage.picture.value, stage.look.value);
  });
  effect(() => {
    const count = thumbs.value.length;
    thumbs.value.forEach(({ element }, i) => {
      const shown = i === choice.value;
      const next = count > 1 && i === (choice.value + 1) % count;
      set(element, { "aria-checked": String(shown), tabindex: shown ? "0" : "-1", "data-next": next });
    });
  });
  effect(() => {
    const shown = candidates.value[choice.value];
    if (shown) doc.said.value = nameOf(shown, among(choice.value), doc.image.peek());
  });

  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    cycle(step);
    thumbs.peek()[choice.peek()]?.element.focus();
  });
  return row;
}
