/** The same numbers as in Python; the fixture is made and checked by test_shared_facts.py. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { statistics } from "../../static/js/geometry/candidates.js";
import { InputFrame, frameUnder } from "../../static/js/geometry/frames.js";
import { logitsInFrame } from "../../static/js/geometry/mask-input.js";
import { resampled } from "../../static/js/geometry/resample.js";
import { maskRle } from "../../static/js/geometry/rle.js";
import { agreement, defaultToken, offeredTokens } from "../../static/js/geometry/selection.js";
import { Upsampler } from "../../static/js/geometry/upsample.js";
import { findWindow, holds, levels, windowOfPrompt, windowOfView } from "../../static/js/geometry/windows.js";
import { packLogits, unpackLogits } from "../../static/js/net/logits.js";
import { decodeEmbedding } from "../../static/js/engine/worker/embedding.js";
import { encodeEmbedding } from "../../static/js/engine/worker/embedding-writer.js";
import { promptTokens } from "../../static/js/engine/worker/feeds.js";

const facts = JSON.parse(readFileSync(new URL("./fixtures/shared_facts.json", import.meta.url), "utf-8"));

/**
 * The logits of `waves` in test_shared_facts.py.
 * @param {number} height @param {number} width @param {import("../../static/js/core/types.js").Resize} [resize]
 */
function waves(height, width, resize = "longest_side") {
  const data = new Float32Array(height * width);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / width);
    const column = i % width;
    const noise = (row * 7919 + column * 104729) % 211;
    const hills = Math.abs((row % 48) - 24) + Math.abs((column % 64) - 32);
    data[i] = (hills - 28) / 4 + noise / 97 + 0.001;
  }
  return { width, height, data, resize };
}

/** @param {string} text  base64 @returns {ArrayBuffer} */
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64")).buffer;

for (const fact of facts.frames) {
  test(`frames and masks of an image of ${fact.image.join("x")}, ${fact.resize}`, () => {
    const [width, height] = fact.image;
    const frame = new InputFrame(width, height, fact.resize);
    assert.deepEqual([frame.width, frame.height], fact.input);
    assert.deepEqual([frame.cellCols, frame.cellRows], fact.cells);
    assert.deepEqual([frame.tokenCols, frame.tokenRows], fact.tokens);
    const lowRes = waves(4 * frame.tokenRows, 4 * frame.tokenCols, fact.resize);
    assert.deepEqual(maskRle(new Upsampler(frame).counts(lowRes, { width, height }), width, height), fact.mask);
    assert.deepEqual(statistics(lowRes, frame), { stability: fact.stability, areaFraction: fact.area_fraction });
  });
}

for (const { image, levels: count, asked } of facts.windows.pyramids) {
  test(`windows of an image of ${image.join("x")}`, () => {
    const size = { width: image[0], height: image[1] };
    /** @param {import("../../static/js/core/types.js").Window|null} window */
    const told = (window) => window && [window.key, window.x, window.y, window.width, window.height];
    assert.equal(levels(size), count);
    for (const { rect, view, prompt, held } of asked) {
      const window = windowOfView(rect, size);
      assert.deepEqual(told(window), view);
      assert.deepEqual(told(windowOfPrompt(rect, size)), prompt);
      assert.equal(window && holds(window, rect, size), held);
      if (window) assert.deepEqual(findWindow(window.key, size), window);
    }
  });
}

test("masks over a window lie in the image", () => {
  for (const { image, resize, window: key, cells, point, mask } of facts.windows.masks) {
    const size = { width: image[0], height: image[1] };
    const window = findWindow(key, size);
    assert.ok(window);
    const frame = frameUnder(resize, { within: window }, size);
    assert.deepEqual([frame.cellCols, frame.cellRows], cells);
    assert.deepEqual(frame.toInput(window.x + 10.25, window.y + 20.5).map(Math.fround), point);
    const lowRes = { ...waves(4 * frame.tokenRows, 4 * frame.tokenCols, resize), within: window };
    assert.deepEqual(maskRle(new Upsampler(frame).counts(lowRes, size), size.width, size.height), mask);
  }
});

test("logits pass from one window to another alike", () => {
  for (const { image, resize, windows, shape, values } of facts.windows.moved) {
    const size = { width: image[0], height: image[1] };
    const [source, target] = windows.map((/** @type {string|null} */ key) => frameUnder(resize, { within: key === null ? null : findWindow(key, size) }, size));
    const moved = logitsInFrame(waves(4 * source.tokenRows, 4 * source.tokenCols, resize), source, target);
    assert.deepEqual([moved.height, moved.width], shape);
    assert.deepEqual([...moved.data.filter((_, i) => i % 997 === 0)], values);
  }
});

test("prompts become the same tensors, candidates the same choice", () => {
  for (const fact of facts.prompts) {
    const [width, height] = fact.image;
    const points = fact.prompt.points.map((/** @type {[number, number, 0|1]} */ [x, y, label]) => ({ x, y, label }));
    const prompt = { points, box: fact.prompt.box, feedback: null };
    for (const resize of /** @type {const} */ (["longest_side", "square"])) {
      const { coords, labels } = promptTokens(prompt, new InputFrame(width, height, resize));
      assert.deepEqual([...coords], fact.coords[resize]);
      assert.deepEqual([...labels], fact.labels);
    }
    assert.deepEqual([...offeredTokens(prompt)], fact.offered);
    for (const { values, first, refined } of fact.ratings) {
      const [predictedIou, stability, areaFraction, agreement] = values;
      const ratings = { predictedIou, stability, areaFraction, agreement };
      assert.equal(defaultToken(prompt, ratings, "longest_side"), first);
      const resizes = /** @type {const} */ (["longest_side", "square"]);
      const answers = resizes.map((resize) => defaultToken({ ...prompt, feedback: waves(4, 4) }, ratings, resize));
      assert.deepEqual(answers, refined);
    }
  }
});

test("masks agree as much with the mask before and with the box", () => {
  for (const { image, resize, less, box, with_box, with_mask } of facts.agreements) {
    const frame = new InputFrame(image[0], image[1], resize);
    const lowRes = waves(4 * frame.tokenRows, 4 * frame.tokenCols, resize);
    lowRes.data = lowRes.data.map((logit) => logit - less);
    const feedback = waves(256, 256, resize);
    feedback.data = feedback.data.map((logit) => 1 - logit);
    const prompt = { points: [], box, feedback: null };
    assert.ok(Math.abs(agreement(prompt, lowRes, frame) - with_box) < 1e-6);
    assert.ok(Math.abs(agreement({ ...prompt, feedback }, lowRes, frame) - with_mask) < 1e-6);
  }
});

test("logits on the wire are the same bytes and numbers", () => {
  const packed = new Uint8Array(bytes(facts.codecs.logits.packed));
  const plane = waves(12, 20).data;
  const data = Float32Array.from([...plane, ...plane.map((logit) => -3 * logit)]);
  assert.deepEqual(packLogits({ count: 2, height: 12, width: 20, data }), packed);
  const expected = new Float32Array(bytes(facts.codecs.logits.values));
  unpackLogits(packed).data.forEach((logit, i) => assert.ok(Math.abs(logit - expected[i]) <= 1e-6 * Math.abs(expected[i])));
});

test("an embedding is the same numbers, bit for bit", () => {
  const { container, tensors: expected } = facts.codecs.embedding;
  const first = decodeEmbedding(bytes(container));
  const again = decodeEmbedding(bytes(container), first.tensors); // over the memory of the first
  for (const { header, tensors } of [first, again]) {
    assert.equal(header.segmenter, "sam2");
    assert.deepEqual(Object.keys(tensors), ["image_tokens", "half_features", "full_features"]);
    assert.deepEqual(tensors.half_features.shape, [144, 4]);
    for (const [name, { data }] of Object.entries(tensors)) {
      assert.deepEqual(data, new Float32Array(bytes(expected[name])));
    }
  }
  assert.equal(again.tensors.full_features.data, first.tensors.full_features.data);
});

test("an embedding is written as the server writes it, but for spaces in its header", () => {
  const one = (/** @type {number} */ rows, /** @type {number} */ columns, /** @type {(value: number) => number} */ change) => {
    const shape = /** @type {[number, number]} */ ([rows, columns]);
    return { shape, data: waves(rows, columns).data.map(change) };
  };
  const tensors = {
    image_tokens: one(64, 6, (value) => value / 7),
    half_features: one(144, 4, (value) => value),
    full_features: one(16, 2, (value) => -value),
  };
  const made = encodeEmbedding(tensors, { segmenter: "sam2", weights: "ab".repeat(32), image: [1500, 1001] });
  const theirs = bytes(facts.codecs.embedding.container);
  assert.deepEqual(decodeEmbedding(made).header, decodeEmbedding(theirs).header);
  const payload = (/** @type {ArrayBuffer} */ container) => new Uint8Array(container, 12 + new DataView(container).getUint32(8, true));
  assert.deepEqual(payload(made), payload(theirs));
});

test("a picture is scaled as Pillow does it", () => {
  const [width, height] = [31, 23];
  const data = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < data.length; at++) {
    const [pixel, color] = [at >> 2, at & 3];
    data[at] = color === 3 ? 255 : (Math.floor(pixel / width) * 7919 + (pixel % width) * 104729 + color * 31) % 256;
  }
  for (const { size, rgb } of facts.pictures) {
    const made = resampled({ data, width, height }, size[0], size[1]);
    const expected = new Uint8Array(bytes(rgb));
    assert.deepEqual([made.width, made.height], size);
    made.data.forEach((value, at) => {
      const wanted = (at & 3) === 3 ? 255 : expected[3 * (at >> 2) + (at & 3)];
      assert.ok(Math.abs(value - wanted) <= 1, `${size} ${at}: ${value}, not ${wanted}`); // weights of 22 bits there, of 53 here
    });
  }
});

test("a damaged embedding is refused by name", () => {
  const whole = new Uint8Array(bytes(facts.codecs.embedding.container));
  const spoilt = [[0, 0], [4, 9], [14, 0]].map(([at, value]) => whole.map((byte, i) => (i === at ? value : byte)));
  for (const broken of [whole.slice(0, 5), whole.slice(0, -40), ...spoilt]) {
    assert.throws(() => decodeEmbedding(broken.buffer), { code: "bad_embedding" });
  }
});
