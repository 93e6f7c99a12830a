/** Images of whose page it is: chosen, dropped or pasted, and encoded in this browser, one after the other. They go nowhere else. */

import { sentenceOf } from "../../core/errors.js";
import { newId } from "../../core/ids.js";
import { effect, signal } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { encodeHere } from "../../engine/local/encoding.js";
import { fill, h, set } from "../shared/dom.js";
import { megabytes } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { listenForFiles } from "../shared/adding/incoming.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../engine/local/encoding.js").Encoder} Encoder */
/** @typedef {import("../../engine/local/encoding.js").Encoded} Encoded */
/** @typedef {ReturnType<typeof createOwnImages>} OwnImages */

const TICK_MS = 1000;

/**
 * @param {object} parts
 * @param {Encoder} parts.encoder
 * @param {(name: string, options: import("../../net/transfers.js").TransferOptions) => Promise<ArrayBuffer>} parts.read
 * @param {(image: ImageInfo) => void} parts.add  one that is encoded
 */
export function createOwnImages({ encoder, read, add }) {
  /** By the address that the image has for it. @type {Map<string, ArrayBuffer>} */
  const embeddings = new Map();
  /** What is being done, and how much of it; null where nobody knows. @type {import("../../core/signals.js").Signal<{text: string, fraction: number|null}|null>} */
  const standing = signal(null);
  const failures = signal(/** @type {readonly string[]} */ ([]));
  /** @type {File[]} */
  let waiting = [];
  let stop = new AbortController();
  let graph = /** @type {Promise<Uint8Array>|null} */ (null);
  let usualMs = 0; // of one encoding; 0 before the first

  /** @param {readonly File[]} files */
  async function take(files) {
    const idle = !standing.peek();
    waiting.push(...files);
    if (!idle) return;
    stop = new AbortController();
    const { signal: stopped } = stop;
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      await takeOne(file, stopped).catch((error) => {
        const { name } = /** @type {File} */ (file);
        if (!stopped.aborted) failures.value = [...failures.peek(), `${t("Couldn't add {name}.", { name })} ${sentenceOf(error)}`];
      });
    }
    standing.value = null;
  }

  /** @param {File} file @param {AbortSignal} stopped */
  async function takeOne(file, stopped) {
    const { name } = file;
    const tell = (/** @type {string} */ text, /** @type {number|null} */ fraction = null) => void (standing.value = { text, fraction });
    tell(t("{name}: loading the encoder", { name }));
    const loaded = (/** @type {number} */ bytes) =>
      tell(t("{name}: loading the encoder, {done} of {total} MB", { name, done: megabytes(bytes), total: megabytes(encoder.bytes) }), bytes / encoder.bytes);
    const network = await networkOf(loaded, stopped);
    tell(t("{name}: starting the encoder", { name }));
    let begun = 0;
    let ticking = 0;
    const tick = () => {
      const ms = performance.now() - begun;
      const told = { name, done: Math.round(ms / TICK_MS), total: Math.round(usualMs / TICK_MS) };
      if (usualMs > ms) tell(t("{name}: encoding in this browser, {done} of about {total} s", told), ms / usualMs);
      else tell(t("{name}: encoding in this browser, {done} s", told));
    };
    const onBegun = () => {
      begun = performance.now();
      tick();
      ticking = window.setInterval(tick, TICK_MS);
    };
    try {
      const encoded = await encodeHere({ file, graph: network, encoder }, { onBegun, signal: stopped });
      usualMs = performance.now() - begun;
      add(imageOf(file, encoded));
    } finally {
      clearInterval(ticking);
    }
  }

  /** Fetched once. @param {(bytes: number) => void} onProgress @param {AbortSignal} stopped */
  function networkOf(onProgress, stopped) {
    graph ??= read(encoder.url, { onProgress, signal: stopped, expectedBytes: encoder.bytes }).then((bytes) => new Uint8Array(bytes));
    graph.catch(() => (graph = null)); // asked for anew
    return graph;
  }

  /** @param {File} file @param {Encoded} encoded @returns {ImageInfo} */
  function imageOf(file, { container, width, height }) {
    const id = newId();
    const { segmenter, weights } = encoder;
    embeddings.set(id, container);
    const embedding = { segmenter, weights, state: /** @type {const} */ ("ready"), position: null, seconds_left: null, window: null, bytes: null, url: id, error: null };
    const about = { bytes: file.size, format: file.type, sha256: id, created_at: new Date(file.lastModified).toISOString(), rendering: null, version: "" };
    return { id, name: file.name, width, height, ...about, file_url: URL.createObjectURL(file), thumbnail_url: "", annotation_count: 0, embedding };
  }

  function cancel() {
    waiting = [];
    stop.abort();
  }

  const input = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true });
  input.addEventListener("change", () => {
    void take([...(input.files ?? [])]);
    input.value = ""; // so that the same file may be chosen again
  });
  listenForFiles((files) => void take(files));
  return { embeddings, button: opener(input), empty: invitation(input), progress: progressOf({ standing, failures, cancel }) };
}

/** @param {HTMLInputElement} input */
function opener(input) {
  const title = t("Open image");
  return h("button", { type: "button", class: "button demo-open", title, "aria-label": title, onclick: () => input.click() }, icon("picture"), h("span", {}, title), input);
}

/** What the page shows while it has no image. @param {HTMLInputElement} input */
function invitation(input) {
  const choose = h("button", { type: "button", class: "button primary", onclick: () => input.click() }, icon("picture"), t("Choose files"));
  return h("div", { class: "demo-empty" }, h("h2", {}, t("Drop your images here")), h("p", { class: "muted" }, t("They stay in this browser.")), choose);
}

/**
 * @param {object} told
 * @param {{readonly value: {text: string, fraction: number|null}|null}} told.standing
 * @param {import("../../core/signals.js").Signal<readonly string[]>} told.failures
 * @param {() => void} told.cancel
 */
function progressOf({ standing, failures, cancel }) {
  const words = h("p", {});
  const bar = h("div", { class: "bar" });
  const line = h("div", { class: "line", role: "progressbar", "aria-label": t("Progress"), "aria-valuemin": "0", "aria-valuemax": "100" }, bar);
  const under = h("div", { class: "own-progress", hidden: true }, words, h("button", { type: "button", class: "button", onclick: cancel }, t("Cancel")), line);
  const notices = h("div", { class: "notices", role: "alert" });
  effect(() => {
    const now = standing.value;
    under.hidden = !now;
    if (!now) return;
    words.textContent = now.text;
    set(line, { "data-known": now.fraction !== null, "aria-valuenow": now.fraction === null ? null : String(Math.round(100 * now.fraction)) });
    bar.style.setProperty("--done", String(now.fraction ?? 0));
  });
  effect(() => {
    const dismiss = (/** @type {number} */ i) => () => void (failures.value = failures.peek().filter((_, at) => at !== i));
    const rows = failures.value.map((text, i) =>
      h("div", { class: "notice" }, icon("alert"), h("p", {}, text), h("button", { type: "button", class: "button", onclick: dismiss(i) }, t("Dismiss"))),
    );
    fill(notices, ...rows);
  });
  return h("div", { class: "demo-own" }, under, notices);
}
