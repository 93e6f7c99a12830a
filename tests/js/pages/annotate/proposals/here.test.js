/** Proposals of the page's own decoder: a grid of points, the candidates that pass, each object once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { rleOf } from "../../../../../static/js/geometry/region.js";
import { proposeHere } from "../../../../../static/js/pages/annotate/proposals/here.js";

const WANTED = { pred_iou_thresh: 0.7, stability_score_thresh: 0.85, box_nms_thresh: 0.9 };

/** An image of 120 x 120 whose only object is a square of 20 in its corner; its decoder finds that or the whole image. */
function opened() {
  const asked = /** @type {Array<{x: number, y: number}>} */ ([]);
  const candidate = (/** @type {object} */ more) => ({ token: 1, predictedIou: 0.9, stability: 0.95, ...more });
  const doc = {
    image: { peek: () => ({ width: 120, height: 120 }) },
    segmenters: { peek: () => ({ inUse: { id: "small", weights: "w" } }) },
    async glance(/** @type {any} */ { points: [place] }) {
      asked.push(place);
      if (asked.length === 3) throw new Error("superseded");
      const small = place.x < 20 && place.y < 20;
      return { candidates: [candidate({ lowRes: small ? 20 : 120 }), candidate({ token: 0, lowRes: 50 }), candidate({ lowRes: 60, stability: 0.5 })] };
    },
    async maskRle(/** @type {any} */ side) {
      return rleOf({ x: 0, y: 0, width: side, height: side, data: new Uint8Array(side * side).fill(1) }, 120, 120);
    },
  };
  return { doc: /** @type {any} */ (doc), asked };
}

test("each object is found once, and a point on a small one that is known is not asked again", async () => {
  const { doc, asked } = opened();
  const news = [];
  for await (const line of proposeHere(doc, WANTED, new AbortController().signal)) news.push(line);
  const found = news.flatMap((line) => line.found);
  assert.deepEqual(found.map(({ area }) => area), [400, 14400]);
  assert.deepEqual([found[0].point, found[0].predicted_iou, found[0].stability_score], [[5, 5], 0.9, 0.95]);
  assert.equal(asked.length, 144 - 3);
  const last = news.at(-1);
  assert.deepEqual([last?.state, last?.progress, last?.kept], ["complete", 1, found.map(({ id }) => id)]);
});

test("it stops when it is told to", async () => {
  const { doc, asked } = opened();
  const stop = new AbortController();
  for await (const { progress } of proposeHere(doc, WANTED, stop.signal)) if (progress > 0.1) stop.abort();
  assert.ok(asked.length < 20);
});
