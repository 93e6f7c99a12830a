/**
 * Times the decoder as the page runs it (its own modules, in a worker) and the reference interface's graph in the
 * same runtime, one after the other on the same click. Served to the page by the bench, never by the server.
 *
 * request: {root, threads, pairs, graphs: {prepare, decoder, resize, reference|null}, pictures: [{width, height, container}]}
 * answer: {threads, unpackMs: [], pictures: [{prepareMs: [], oursMs: [], referenceMs: []|null, worst}]}, or {error};
 *   worst: largest difference of logits between the reference's mask and that of ours which is most like it
 */

const WARM_UPS = 3;
const SIDE = 256; // low-res cells
const UNPACKINGS = 5;

addEventListener("message", async ({ data: task }) => {
  try {
    postMessage(await measure(task));
  } catch (error) {
    postMessage({ error: String(error?.message ?? error) });
  }
});

async function measure({ root, threads, pairs, graphs, pictures }) {
  const parts = await import(`${root.replace(/\/$/, "")}/js/engine/measured.js`);
  const runtime = await parts.startRuntime("wasm", threads);
  const session = await parts.DecoderSession.load(runtime, graphs);
  const options = { executionProviders: ["wasm"], graphOptimizationLevel: "all" };
  const reference = graphs.reference && (await session.ort.InferenceSession.create(graphs.reference, options));
  const answer = { threads: runtime.threads, unpackMs: [], pictures: [] };
  for (const picture of pictures) {
    for (let i = 0; i < UNPACKINGS; i++) {
      const start = performance.now();
      parts.decodeEmbedding(picture.container);
      answer.unpackMs.push(performance.now() - start);
    }
    const { tensors } = parts.decodeEmbedding(picture.container);
    const frame = new parts.InputFrame(picture.width, picture.height, graphs.resize);
    answer.pictures.push(await measurePicture({ parts, session, reference, picture, frame, tensors, pairs }));
  }
  return answer;
}

async function measurePicture({ parts, session, reference, picture, frame, tensors, pairs }) {
  const { ort } = session;
  const result = { prepareMs: [], oursMs: [], referenceMs: reference ? [] : null, worst: 0 };
  let prepared = await session.prepare(tensors); // the first run allocates
  for (let i = 0; i < 5; i++) {
    parts.release(prepared);
    const start = performance.now();
    prepared = await session.prepare(tensors);
    result.prepareMs.push(performance.now() - start);
  }
  const embedding = reference && new ort.Tensor("float32", channelsFirst(tensors.image_tokens.data), [1, SIDE, 64, 64]);
  for (let i = -WARM_UPS; i < pairs; i++) {
    const prompt = { points: [pointOf(i + WARM_UPS, picture)], box: null, feedback: null };
    const start = performance.now();
    const ours = await session.run(prepared, parts.promptFeeds(prompt, frame));
    const between = performance.now();
    const theirs = reference && (await runReference(ort, reference, embedding, parts.promptTokens(prompt, frame), picture));
    const end = performance.now();
    if (i < 0) continue;
    result.oursMs.push(between - start);
    if (!theirs) continue;
    result.referenceMs.push(end - between);
    result.worst = Math.max(result.worst, nearest(theirs, ours, frame));
  }
  parts.release(prepared);
  embedding?.dispose();
  return result;
}

/** The reference's low-res logits (256, 256) of the mask it chose; its full-size mask is computed as well. */
async function runReference(ort, session, embedding, { coords, labels }, { width, height }) {
  const tensor = (data, dims) => new ort.Tensor("float32", data, dims);
  const feeds = {
    image_embeddings: embedding,
    point_coords: tensor(coords, [1, labels.length, 2]),
    point_labels: tensor(labels, [1, labels.length]),
    mask_input: tensor(new Float32Array(SIDE * SIDE), [1, 1, SIDE, SIDE]),
    has_mask_input: tensor(new Float32Array(1), [1]),
    orig_im_size: tensor(Float32Array.of(height, width), [2]),
  };
  const outputs = await session.run(feeds);
  const logits = outputs.low_res_masks.data;
  for (const output of Object.values(outputs)) output.dispose();
  return logits;
}

/** Tokens (4096, 256) as the reference takes them: (256, 64, 64). */
function channelsFirst(tokens) {
  const planes = new Float32Array(tokens.length);
  for (let token = 0; token < 4096; token++) {
    for (let channel = 0; channel < 256; channel++) planes[channel * 4096 + token] = tokens[token * 256 + channel];
  }
  return planes;
}

/** Places all over the picture, the same in every run. */
function pointOf(i, { width, height }) {
  const share = (step) => 0.1 + 0.8 * ((step * (i + 1)) % 1);
  return { x: width * share(0.618034), y: height * share(0.754878), label: 1 };
}

/** Largest difference over the picture's cells to the one of our four masks that is most like theirs. */
function nearest(theirs, { logits, width, height }, { cellCols, cellRows }) {
  let least = Infinity;
  for (let plane = 0; plane < 4; plane++) {
    let worst = 0;
    for (let y = 0; y < cellRows; y++) {
      for (let x = 0; x < cellCols; x++) {
        worst = Math.max(worst, Math.abs(logits[(plane * height + y) * width + x] - theirs[y * SIDE + x]));
      }
    }
    least = Math.min(least, worst);
  }
  return least;
}
