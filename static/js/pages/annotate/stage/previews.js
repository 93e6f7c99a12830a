/**
 * The mask of what somebody else points at, where this person wants it: decoded here, while nothing else is, and laid over
 * the picture.
 */

import { computed, effect } from "../../../core/signals.js";
import { viewOptions } from "../../../editor/view-options.js";
import { colorOf } from "../../shared/people.js";
import { createMaskSheet } from "./mask-sheet.js";

const EVERY_MS = 250;
const QUIET_MS = 1000; // without a move of one's own pointer
const POINTING = Object.freeze(["point", "box", "scribble", "lasso"]); // tools, by id

/** @param {HTMLElement} room @param {import("../../../editor/editor.js").Editor} editor */
export function createPreviews(room, { doc, viewport }) {
  const { presence, prompting } = doc;
  const sheet = createMaskSheet(room, viewport);
  let timer = 0;
  let shown = 0; // when its pointer moved there

  /** Who moved last. */
  const wanted = computed(() => {
    if (!viewOptions.previews.value || doc.work.value.phase !== "ready" || !prompting.empty.value) return null;
    const all = [...presence.cursors.value].flatMap(([n, { x, y, at }]) => {
      const person = presence.people.value.get(n);
      return person && POINTING.includes(person.tool ?? "") ? [{ person, x, y, at }] : [];
    });
    return all.sort((a, b) => b.at - a.at)[0] ?? null;
  });

  async function look() {
    timer = 0;
    const now = wanted.peek();
    if (!now || now.at === shown || presence.restMs() < QUIET_MS) return;
    shown = now.at;
    const { x, y } = now;
    const points = [{ x, y, label: /** @type {1} */ (1) }];
    const answer = await doc.glance({ points, box: null, feedback: null }).catch(() => null);
    const best = answer?.candidates[answer.best];
    const mask = best && (await doc.maskRle(best.lowRes).catch(() => null));
    if (!mask?.area || wanted.peek()?.person.n !== now.person.n) return;
    sheet.show(mask, colorOf(now.person).color);
  }

  effect(() => {
    if (!wanted.value) sheet.hide();
    else timer ||= window.setTimeout(() => void look(), EVERY_MS);
  });
}
