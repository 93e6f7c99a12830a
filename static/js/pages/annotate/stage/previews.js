/**
 * The mask of what somebody else points at, where this person wants it: decoded here, while nothing else is, and laid over
 * the picture.
 */

import { computed, effect } from "../../../core/signals.js";
import { viewOptions } from "../../../editor/view-options.js";
import { rleToBitmap } from "../../../geometry/rle.js";
import { h } from "../../shared/dom.js";
import { colorOf } from "../../shared/people.js";

const EVERY_MS = 250;
const QUIET_MS = 1000; // without a move of one's own pointer
const POINTING = Object.freeze(["point", "box", "scribble", "lasso"]); // tools, by id

/** @param {HTMLElement} room @param {import("../../../editor/editor.js").Editor} editor */
export function createPreviews(room, { doc, viewport }) {
  const { presence, prompting } = doc;
  const sheet = h("canvas", { class: "preview", "aria-hidden": "true", hidden: true });
  room.append(sheet);
  let corner = { x: 0, y: 0 };
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

  function lay() {
    const [a, b, c, d, e, f] = viewport.matrix();
    sheet.style.transform = `matrix(${[a, b, c, d, e + a * corner.x + c * corner.y, f + b * corner.x + d * corner.y].join(",")})`;
  }

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
    const { width, height, data } = rleToBitmap(mask.rle);
    const context = sheet.getContext("2d");
    if (!context) return;
    sheet.width = width;
    sheet.height = height;
    const pixels = context.createImageData(width, height);
    const ink = [1, 3, 5].map((from) => parseInt(colorOf(now.person).color.slice(from, from + 2), 16));
    for (let i = 0; i < data.length; i++) if (data[i]) pixels.data.set([...ink, data[i]], 4 * i);
    context.putImageData(pixels, 0, 0);
    corner = { x: mask.bbox[0], y: mask.bbox[1] };
    sheet.hidden = false;
    lay();
  }

  effect(() => {
    if (!wanted.value) sheet.hidden = true;
    else timer ||= window.setTimeout(() => void look(), EVERY_MS);
  });
  effect(() => {
    void [viewport.view.value, viewport.size.value, viewport.picture.value];
    lay();
  });
}
