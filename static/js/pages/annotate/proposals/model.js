/** The proposals of the opened image: listed, found by a run, shown as the filters say, taken, dropped. */

import { counted, t } from "../../../core/text.js";
import { sentenceOf } from "../../../core/errors.js";
import { alike, shownOf } from "./choosing.js";
import { droppedIn } from "./dropping.js";
import { proposeHere } from "./here.js";

/** @typedef {import("../../../core/api-types.js").Proposal} Proposal */
/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {{segmenter: string|null, weights: string|null}} Source */
/** @typedef {ReturnType<typeof createModel>} Model */

/** Looser than what is shown at first, so that the sliders have something to act on. */
const WANTED = Object.freeze({ pred_iou_thresh: 0.7, stability_score_thresh: 0.85, box_nms_thresh: 0.9 });
/** Of a server that is not to be asked now; 0: it is away. */
const BUSY = Object.freeze([0, 429, 502, 503, 504]);
/** What is shown at first. @type {import("./choosing.js").Filters} */
const FIRST = Object.freeze({ confidence: 0.88, stability: 0.92, size: 0.0001, overlap: 0.7 });

/**
 * @param {import("../../../document/document.js").Document} doc
 * @param {import("./asking.js").Asking} api
 * @param {import("./loading.js").Reactive} reactive
 */
export function createModel(doc, api, { batch, computed, effect, signal, untracked }) {
  const { objects } = doc;
  const list = signal(/** @type {readonly Proposal[]} */ ([]));
  const filters = { confidence: signal(FIRST.confidence), stability: signal(FIRST.stability), size: signal(FIRST.size), overlap: signal(FIRST.overlap) };
  /** How far a run is, 0 to 1; null: there is none. */
  const running = signal(/** @type {number|null} */ (null));
  /** Whether the list of the opened image is there. */
  const listed = signal(false);
  /** Whether that could not be asked for. */
  const failed = signal(false);
  /** Whether what is listed was made before the image was opened. */
  const ahead = signal(false);
  /** Whether nobody has had the opened image proposed, as far as the server said. */
  let never = false;
  let source = /** @type {Source} */ ({ segmenter: null, weights: null });
  let run = /** @type {AbortController|null} */ (null);
  let here = false; // the run is this page's
  let renewed = false; // the run has taken the place of what was listed
  /** The last version of what was taken: one that is taken again goes on from there. @type {Map<string, number>} */
  const versions = new Map();

  const place = () => ({ project: doc.project.peek().id, image: doc.image.peek()?.id ?? "" });
  const ids = computed(() => new Set(list.value.map(({ id }) => id)));

  /** Those that pass, whatever became of them: what was taken or dropped still covers what is like it. */
  const passing = computed(() => {
    const { width = 0, height = 0 } = doc.image.value ?? {};
    const { confidence, stability, size, overlap } = filters;
    const wanted = { confidence: confidence.value, stability: stability.value, size: size.value, overlap: overlap.value };
    return shownOf(list.value, wanted, width * height);
  });
  /** The largest first. */
  const shown = computed(() => {
    const dropped = new Set(doc.dropped.value);
    const made = objects.all.value;
    const taken = new Set(made.map(({ id }) => id));
    const overlap = filters.overlap.value;
    return passing.value.filter(
      ({ id, bbox }) => !taken.has(id) && !dropped.has(id) && !made.some((each) => alike(each.bbox, bbox) > overlap),
    );
  });

  effect(() => {
    for (const { id, version } of objects.all.value) if (untracked(() => ids.value.has(id))) versions.set(id, version);
  });

  /** Another image: what is stored of it. @param {string} image  id */
  async function open(image) {
    run?.abort();
    run = null;
    batch(() => {
      list.value = [];
      running.value = null;
      listed.value = failed.value = ahead.value = false;
    });
    never = false;
    try {
      const waiting = droppedIn(await doc.outbox.ofImage(place().project, image));
      const stored = await api.proposals(place().project, image);
      if (place().image !== image || running.peek() !== null) return;
      source = stored;
      never = stored.segmenter === null;
      const { settings } = doc.project.peek();
      const here = new Set(doc.dropped.peek()); // which undoing brings back
      batch(() => {
        list.value = stored.proposals.filter(({ id }) => here.has(id) || !waiting.has(id));
        ahead.value = stored.ahead && stored.proposals.length > 0;
        if (ahead.peek()) filters.confidence.value = settings.propose_threshold;
        listed.value = true;
      });
    } catch (error) {
      if (place().image === image) listed.value = failed.value = true;
    }
  }

  /** Has the whole image segmented anew. What is listed stays until the first masks are there, and when none come. */
  async function propose() {
    if (running.peek() !== null) return;
    const { project, image } = place();
    const mine = (run = new AbortController());
    const before = { list: list.peek(), ahead: ahead.peek(), source };
    running.value = 0;
    renewed = false;
    try {
      const wanted = { ...WANTED, segmenter: doc.segmenters.peek().inUse.id };
      await follow(api.propose(project, image, wanted, mine.signal), mine).catch((error) => {
        if (mine.signal.aborted || renewed || !BUSY.includes(error.status)) throw error;
        here = true;
        return follow(proposeHere(doc, WANTED, mine.signal), mine);
      });
    } catch (error) {
      if (mine.signal.aborted) return;
      doc.refuse(sentenceOf(error));
      if (!before.list.length) return;
      source = before.source;
      batch(() => {
        list.value = before.list;
        ahead.value = before.ahead;
      });
    } finally {
      if (run === mine) {
        batch(() => {
          running.value = null;
          listed.value = true;
        });
      }
      here = false;
    }
  }

  /** @param {AsyncGenerator<import("../../../core/api-types.js").ProposalNews>} lines @param {AbortController} mine */
  async function follow(lines, mine) {
    for await (const news of lines) {
      if (run !== mine || mine.signal.aborted) return;
      if (news.error) throw new Error(news.error.message);
      const last = news.state === "complete" || news.state === "stopped";
      batch(() => {
        if (!renewed && (news.found.length || last)) {
          renewed = true;
          source = news;
          list.value = [];
          failed.value = ahead.value = false;
        }
        if (news.found.length) list.value = [...list.peek(), ...news.found];
        running.value = news.progress;
      });
      if (news.state !== "complete") continue;
      const kept = new Set(news.kept);
      list.value = list.peek().filter(({ id }) => kept.has(id));
      doc.said.value = counted(shown.peek().length, "{count} mask proposed.", "{count} masks proposed.");
    }
  }

  /** Ends the run; what was found stays. @returns {boolean} whether there was one */
  function stop() {
    if (running.peek() === null) return false;
    const { project, image } = place();
    const ended = run;
    if (here) ended?.abort();
    else api.stopProposing(project, image).catch(() => ended?.abort()); // its last line tells that it has ended
    doc.said.value = t("Stopped. The masks found so far stay.");
    return true;
  }

  /** Makes them objects of the active label: one step. @param {readonly Proposal[]} chosen */
  function take(chosen) {
    const { segmenter, weights } = source;
    const { width = 0, height = 0 } = doc.image.value ?? {};
    const largestFirst = [...chosen].sort((a, b) => b.area - a.area); // small ones lie above
    const changes = largestFirst.map((each, i) => {
      const [x, y] = each.point;
      const mask = { rle: each.rle, area: each.area, bbox: /** @type {[number, number, number, number]} */ (each.bbox) };
      const after = doc.newAnnotation(mask, {
        id: each.id,
        prompts: [{ kind: "point", x, y, label: 1, ...cropOf(each, width, height) }],
        segmenter,
        weights,
        predicted_iou: each.predicted_iou,
        stability_score: each.stability_score,
        version: versions.get(each.id) ?? 0,
      });
      return { before: null, after: { ...after, z: after.z + i } };
    });
    const { name } = doc.labels.active.peek();
    const title = counted(chosen.length, "Take {count} proposal", "Take {count} proposals");
    if (!changes.length || !doc.edit(title, changes)) return;
    objects.latest.value = largestFirst.at(-1)?.id ?? null;
    doc.said.value = counted(chosen.length, "Took {count} mask as {label}.", "Took {count} masks as {label}.", { label: name });
  }

  /** They are not wanted, nor is what is like them: one step. @param {readonly Proposal[]} chosen */
  function drop(chosen) {
    if (!chosen.length) return;
    const overlap = filters.overlap.peek();
    const known = new Set(chosen.map(({ id }) => id));
    const seen = new Set(shown.peek().map(({ id }) => id));
    const like = list.peek().filter((each) => !seen.has(each.id) && chosen.some((other) => alike(each.bbox, other.bbox) > overlap));
    const before = new Set(doc.dropped.peek());
    const gone = [...known, ...like.map(({ id }) => id)].filter((id) => !before.has(id) && !objects.find(id));
    doc.drop(counted(chosen.length, "Drop {count} proposal", "Drop {count} proposals"), gone);
    doc.said.value = counted(chosen.length, "Dropped {count} mask.", "Dropped {count} masks.");
  }

  return { list, filters, running, listed, failed, ahead, neverProposed: () => never, shown, open, propose, stop, take, drop };
}

/**
 * The crop it was found in, for the prompt; nothing where that was the whole image.
 * @param {Proposal} proposal @param {number} width @param {number} height of the image
 */
function cropOf({ crop_box: crop }, width, height) {
  const [x, y, wide, high] = crop;
  return x === 0 && y === 0 && wide === width && high === height ? {} : { crop_box: /** @type {[number, number, number, number]} */ (crop) };
}
