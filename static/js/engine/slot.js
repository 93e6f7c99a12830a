/**
 * Where one document's image is made ready and its prompts are answered. Slots share the engine's worker and segmenters;
 * what one asks, is told or gives up is no other's.
 */

import { onThisMachine } from "../core/address.js";
import { SamphireError, Superseded } from "../core/errors.js";
import { computed, signal } from "../core/signals.js";
import { IDLE } from "../core/state.js";
import { t } from "../core/text.js";
import { frameUnder } from "../geometry/frames.js";
import { maskRle as rleOf } from "../geometry/rle.js";
import { Upsampler } from "../geometry/upsample.js";
import { createAhead } from "./ahead.js";
import { createPace } from "./pace.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../core/types.js").Work} Work */
/** @typedef {import("./backends.js").Opened} Opened */
/** @typedef {import("../core/types.js").Window} Window */
/** @typedef {{window: Window|null, ready: boolean}} Zoom  the part of the image that is looked through; whether it is encoded and here */
/** @typedef {ReturnType<typeof createSlot>} Slot */
/**
 * What slots share.
 * @typedef {object} Shared
 * @property {import("../core/signals.js").Signal<import("../core/types.js").Segmenters>} segmenters
 * @property {ReturnType<typeof import("./embedding-source.js").createEmbeddingSource>} source
 * @property {ReturnType<typeof import("./backends.js").createBackends>} backends
 * @property {import("./request-queue.js").RequestQueue<{prompt: Prompt, image: Opened}, Decoded>} queue
 * @property {() => number} quietMs  how long nothing has been asked
 * @property {(segmenter: SegmenterInfo) => Promise<import("./protocol.js").Graphs>} graphs
 * @property {import("../net/socket.js").Live} socket
 * @property {(image: string) => void} left  a slot has left an image, by id
 * @property {(slot: Slot) => void} closed
 * @property {(slot: Slot) => void} arrived  its image is ready with the segmenter that is wanted
 * @property {(next: SegmenterInfo, error: SamphireError) => void} giveUp  the segmenter that was to take over cannot be had
 */

/** @param {Shared} shared @param {import("../core/signals.js").Signal<Work>} work  how far its image is */
export function createSlot(shared, work) {
  const { segmenters, source, backends, queue, graphs, socket } = shared;
  /** What prompts are about. @type {Opened|null} */
  let opened = null;
  /** Answered at once: `opened`, once it is ready. @type {Opened|null} */
  let ready = null;
  /** Ready with the segmenter wanted, until all slots are. @type {Opened|null} */
  let prepared = null;
  /** Windows of the opened image that are ready or getting so, by key. @type {Map<string, Promise<Opened>>} */
  let windows = new Map();
  const zoom = signal(/** @type {Zoom} */ ({ window: null, ready: false }));
  let visit = new AbortController(); // of the opened image
  let entering = new AbortController(); // of what is being made ready
  /** @type {Promise<SamphireError|null>} */
  let entry = Promise.resolve(null);
  let close = () => {};
  const closed = new Promise((/** @type {(none: null) => void} */ resolve) => (close = () => resolve(null)));
  // A close-up is encoded by this very machine, then: previews of what it will show finer would make it come later.
  const pace = createPace(() => onThisMachine() && zoom.peek().window !== null && !zoom.peek().ready);
  const ahead = createAhead({ source, hold: backends.hold, quietMs: shared.quietMs });
  /** Whether prompts are answered at once: here, or by the server as long as what they need here is on its way. */
  const answering = computed(() => {
    const { phase } = work.value;
    const arriving = phase === "downloading" || phase === "loading-decoder";
    return phase === "ready" || (arriving && !segmenters.value.next && backends.standIn.value);
  });

  /** @param {ImageInfo} info @param {SegmenterInfo} segmenter @param {Window|null} [within] @returns {Opened} */
  function describe(info, segmenter, within = null) {
    const { signal } = visit;
    return {
      info,
      segmenter,
      key: `${segmenter.weights}/${source.keyOf(info, segmenter, within)}`,
      weights: segmenter.weights,
      encoding: segmenter.encoding,
      width: info.width,
      height: info.height,
      graphs: () => graphs(segmenter),
      container: () => source.load(info, segmenter, () => {}, signal, within),
      damaged: () => source.drop(info, segmenter, within),
      arriving: () => !ready,
    };
  }

  /** Gives up what is under way for the opened image. */
  function leave() {
    ahead.stop();
    leaveWindows();
    visit.abort();
    queue.clear(slot);
  }

  function leaveWindows() {
    windows = new Map();
    zoom.value = { window: null, ready: false };
  }

  /** Makes a window of the opened image ready, once. @param {Window} within @returns {Promise<Opened>} */
  function windowed(within) {
    const known = windows.get(within.key);
    if (known) return known;
    const { info, segmenter } = /** @type {Opened} */ (opened);
    const target = describe(info, segmenter, within);
    const all = windows;
    const making = (async () => {
      if ((await backends.begun()) === "server") await source.made(info, segmenter, () => {}, visit.signal, within);
      else await backends.hold(target);
      return target;
    })();
    all.set(within.key, making);
    making.catch(() => all.delete(within.key)); // asked for anew
    return making;
  }

  /**
   * Makes the image ready with the segmenter wanted, else with the present one.
   * @param {ImageInfo} info @returns {Promise<SamphireError|null>} why it is not the one wanted
   */
  async function enter(info) {
    entering.abort();
    entering = new AbortController();
    prepared = null;
    const { signal } = entering;
    const { inUse, next } = segmenters.peek();
    const target = describe(info, next ?? inUse);
    /** @type {import("./embedding-source.js").OnWork} */
    const report = (change) => {
      if (!signal.aborted) work.value = { ...IDLE, ...change };
    };
    try {
      if ((await backends.begun()) === "server") await source.made(info, target.segmenter, report, signal);
      else {
        void target.graphs().catch(() => {}); // beside the embedding; `hold` asks again
        await source.load(info, target.segmenter, report, signal);
        if (backends.loading(target.segmenter)) report({ phase: "loading-decoder" });
        await backends.hold(target);
      }
      signal.throwIfAborted();
    } catch (cause) {
      if (signal.aborted) throw new Superseded();
      const error = cause instanceof SamphireError ? cause : new SamphireError("failed", String(cause), t("Try again."));
      const { message, hint } = error;
      if (next) {
        shared.giveUp(next, error);
        if (!ready) await entry; // with the present one
        return error;
      }
      report({ phase: "failed", error: { message, hint, retry: () => void enter(info).catch(() => {}) } });
      throw error;
    }
    prepared = target;
    shared.arrived(slot);
    return null;
  }

  const slot = {
    get opened() {
      return opened;
    },
    get prepared() {
      return prepared;
    },
    /** Settles when the image is ready with the segmenter wanted, or cannot be, or nothing is open here any more. */
    get entry() {
      return Promise.race([entry, closed]);
    },
    work,
    answering,
    zoom,

    /** Makes the opened image ready with the segmenter that is wanted by now. */
    change() {
      if (!opened) return;
      entry = enter(opened.info);
      entry.catch(() => {}); // `work` tells; who waits for it hears of it too
    },

    /** Stays with the present segmenter after all. */
    stay() {
      if (!ready) return slot.change();
      entering.abort();
      entry = Promise.resolve(null);
      prepared = ready;
    },

    /** Prompts are about what was prepared from here on. @returns {Opened|null} */
    take() {
      if (!prepared) return null;
      if (prepared !== ready) leaveWindows();
      ready = opened = prepared;
      prepared = null;
      return opened;
    },

    /**
     * Makes the image ready for clicks; `work` tells how far it is. Rejects with Superseded when another is opened meanwhile.
     * @param {ImageInfo} info
     */
    async open(info) {
      leave();
      visit = new AbortController();
      const before = opened?.info.id;
      const { inUse } = segmenters.peek();
      ready = null;
      opened = describe(info, inUse);
      void socket.watch(info.id, inUse.id).catch(() => {}); // news of annotations; joined again when the socket returns
      if (before !== undefined && before !== info.id) shared.left(before); // after it: news of the project are heard throughout
      await (entry = enter(info));
    },

    /**
     * A hover that a newer request overtook rejects with Superseded; a click is never dropped.
     * @param {Prompt} prompt @param {{priority?: 'hover'|'click'}} [options] @returns {Promise<Decoded>}
     */
    async decode(prompt, { priority = "click" } = {}) {
      const whole = opened;
      if (!whole) throw new SamphireError("no_image", "No image is open.");
      if (priority === "hover") await pace.turn();
      const image = prompt.within ? await windowed(prompt.within) : whole;
      if (opened !== whole) throw new Superseded();
      return queue.submit({ prompt, image }, priority, slot);
    },

    /**
     * Makes the part of the image ready that is looked through; until it is, and where it cannot be, prompts are about the
     * whole image.
     * @param {Window|null} window
     */
    async look(window) {
      if (window?.key === zoom.peek().window?.key) return;
      pace.begin();
      zoom.value = { window, ready: false };
      if (!window || !opened) return;
      const here = zoom.peek();
      const there = await windowed(window).catch(() => null);
      if (zoom.peek() === here) zoom.value = { window: there && window, ready: Boolean(there) };
    },

    /** The full-size mask of the opened image. @param {LowRes} lowRes @returns {Promise<MaskRle>} */
    async maskRle(lowRes) {
      if (!opened) throw new SamphireError("no_image", "No image is open.");
      const { width, height } = opened;
      const there = await backends.rle(lowRes, width, height);
      if (there) return there;
      return rleOf(new Upsampler(frameUnder(lowRes.resize, lowRes, opened)).counts(lowRes, opened), width, height);
    },

    /**
     * Makes images ready that will be opened next, in that order, with the segmenter in use; without delaying clicks, and
     * never failing.
     * @param {readonly ImageInfo[]} images
     */
    async ahead(images) {
      if ((await backends.begun()) !== "local") return;
      const { inUse } = segmenters.peek();
      await ahead.prepare(images.map((info) => describe(info, inUse)));
    },

    /** Nothing is open here any more. */
    close() {
      close();
      leave();
      entering.abort();
      const before = opened?.info.id;
      opened = ready = prepared = null;
      if (before !== undefined) shared.left(before);
      shared.closed(slot);
    },
  };
  return slot;
}
