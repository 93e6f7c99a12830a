import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, SamphireError, Superseded } from "../../../static/js/core/errors.js";
import { deflate, packLogits } from "../../../static/js/net/logits.js";
import { createServerDecoder } from "../../../static/js/engine/server-decoder.js";
import { FIRST } from "../document/prompt/desk.js";

const segmenter = { ...FIRST, id: "s", title: "Tiny", weights: "w" };
const image = /** @type {import("../../../static/js/core/types.js").ImageInfo} */ (
  /** @type {unknown} */ ({ id: "i", width: 64, height: 64 })
);
const prompt = { points: [{ x: 32, y: 32, label: /** @type {const} */ (1) }], box: null, feedback: null };

/**
 * A server whose segmenter has these weights, and which refuses with these codes first.
 * @param {string} weights @param {string[]} [refusals]
 */
async function decoderOf(weights, refusals = []) {
  const logits = await deflate(packLogits({ count: 4, width: 256, height: 256, data: new Float32Array(4 << 16).fill(2) }));
  const four = [0.5, 0.6, 0.7, 0.8];
  const answer = { predicted_iou: four, stability_score: four, area_fraction: four, agreement: four, logits, segmenter: "s", weights };
  const predict = async () => {
    const code = refusals.shift();
    if (code) throw new ApiError(code, "No.", "", 0);
    return answer;
  };
  const socket = /** @type {import("../../../static/js/net/socket.js").Live} */ (/** @type {unknown} */ ({ predict }));
  return createServerDecoder(socket, [1, 1, 1]);
}

test("masks of the weights in use are taken, and timed", async () => {
  const decoder = await decoderOf("w");
  const { candidates } = await decoder.decode(image, segmenter, prompt);
  assert.equal(candidates.length, 3);
  assert.notEqual(decoder.ms(segmenter), null);
});

test("masks of other weights are refused: the segmenter was replaced on the server", async () => {
  const decoder = await decoderOf("x");
  await assert.rejects(decoder.decode(image, segmenter, prompt), (error) => {
    assert.ok(error instanceof SamphireError);
    assert.equal(error.code, "segmenter_replaced");
    assert.match(`${error.message} ${error.hint}`, /different version of Tiny.*Reload the page/);
    return true;
  });
  assert.equal(decoder.ms(segmenter), null);
});

test("a busy server is asked again, a few times", async () => {
  const decoder = await decoderOf("w", ["too_many_requests", "unavailable", "database_busy"]);
  assert.equal((await decoder.decode(image, segmenter, prompt)).candidates.length, 3);
  const busy = await decoderOf("w", Array(4).fill("too_many_requests"));
  await assert.rejects(busy.decode(image, segmenter, prompt), { code: "too_many_requests" });
});

test("what is no matter of time is not asked again, nor what a newer prompt replaced", async () => {
  const wrong = await decoderOf("w", ["image_not_found"]);
  await assert.rejects(wrong.decode(image, segmenter, prompt), { code: "image_not_found" });
  const decoder = await decoderOf("w", ["too_many_requests"]);
  const older = decoder.decode(image, segmenter, prompt);
  const newer = decoder.decode(image, segmenter, prompt);
  await assert.rejects(older, Superseded);
  assert.equal((await newer).candidates.length, 3);
});

test("what has no answer in time is given up, a busy server too", async () => {
  const limits = /** @type {number[]} */ ([]);
  const late = createServerDecoder(
    /** @type {import("../../../static/js/net/socket.js").Live} */ (
      /** @type {unknown} */ ({
        async predict(/** @type {object} */ _, /** @type {number} */ ms) {
          limits.push(ms);
          throw new ApiError("unavailable", "No.", "", 0);
        },
      })
    ),
    [1, 1000],
  );
  await assert.rejects(late.decode(image, segmenter, prompt, 500), { code: "unavailable" });
  assert.equal(limits.length, 2);
  assert.ok(limits[1] < limits[0] && limits[0] <= 500);
});

test("what the server gave up for a newer prompt is superseded", async () => {
  const decoder = await decoderOf("w", ["superseded"]);
  await assert.rejects(decoder.decode(image, segmenter, prompt), Superseded);
});
