/** The stage: two canvases kept at the size of their room, drawn at most once a frame, when something changed. */

import { computed, effect, signal, untracked } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { viewOptions } from "../view-options.js";
import { createRenderer } from "./index.js";
import { createFloodMark } from "./marks/flood.js";
import { createPaintSheet } from "./marks/painting.js";
import { drawOverlay } from "./overlay.js";
import { createPictures } from "./pictures.js";
import { createShownMasks } from "./shown-masks.js";

/** @typedef {import("../editor.js").Editor} Editor */
/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {ReturnType<typeof createStage>} Stage */
/** @typedef {import("./pointing.js").Pointing} Pointing */

const REST_MS = 120; // without a change, until what was drawn roughly is drawn well

/**
 * @param {{room: HTMLElement, canvas: HTMLCanvasElement, overlay: HTMLCanvasElement, editor: Editor, pointing: Pointing, force: string|null}} parts
 */
export function createStage({ room, canvas, overlay, editor, pointing, force }) {
  const { doc, viewport } = editor;
  const { prompt, decoded, choice, hover } = doc.prompting;
  const renderer = createRenderer(canvas, { force, onRestored: invalidate });
  const paintSheet = createPaintSheet();
  const floodMark = createFloodMark();
  const pictures = createPictures();
  const shown = createShownMasks(doc, pointing);
  const adjustment = computed(() => ({
    brightness: viewOptions.brightness.value,
    contrast: viewOptions.contrast.value,
    channel: viewOptions.channel.value,
  }));
  /** The loaded picture, null until it is. */
  const picture = signal(/** @type {HTMLImageElement|null} */ (null));
  let frameDue = 0;
  let restDue = 0;
  /** Called after each drawing that is complete, with the time it was done at. @type {Set<(time: number) => void>} */
  const watchers = new Set();

  function invalidate() {
    frameDue ||= requestAnimationFrame(draw);
  }

  /** @returns {import("../../core/types.js").LowRes|null} the mask being made, or previewed */
  function candidate() {
    const answer = decoded.peek();
    if (answer) return answer.candidates[choice.peek()]?.lowRes ?? null;
    const preview = hover.peek();
    return preview?.candidates[preview.best]?.lowRes ?? null;
  }

  function draw() {
    frameDue = 0;
    const size = viewport.size.peek();
    const matrix = deviceMatrix();
    const progress = renderer.draw({
      matrix,
      dpr: size.dpr,
      masks: shown.masks.peek(),
      share: shown.share.peek(),
      active: shown.active.peek(),
      candidate: candidate(),
      look: shown.look.peek(),
      adjust: adjustment.peek(),
    });
    drawOverlay(overlay, size, viewport.toScreen, {
      points: prompt.peek().points,
      box: prompt.peek().box,
      selected: shown.selected.peek(),
      draft: pointing.draft.peek(),
      cursor: editor.cursor.peek(),
      excluding: editor.excluding.peek(),
      hoveredPoint: pointing.hoveredPoint.peek(),
      path: pointing.path.peek(),
      trail: pointing.trail.peek(),
      disc: pointing.disc.peek(),
      scale: viewport.view.peek().scale,
      paint(brush) {
        floodMark.draw(brush, pointing.flood.peek(), matrix, shown.look.peek());
        paintSheet.draw(brush, pointing.painting.peek(), matrix, size.dpr);
      },
    });
    clearTimeout(restDue);
    if (progress === "rough") restDue = window.setTimeout(invalidate, REST_MS);
    else if (progress === "more") invalidate();
    else for (const tell of watchers) tell(performance.now());
  }

  /** Image frame to device pixels of the stage. */
  function deviceMatrix() {
    const { dpr } = viewport.size.peek();
    return /** @type {import("../../geometry/turns.js").Matrix} */ (viewport.matrix().map((value) => value * dpr));
  }

  function measure() {
    const { width, height } = room.getBoundingClientRect();
    const dpr = window.devicePixelRatio || 1;
    for (const sheet of [canvas, overlay]) {
      sheet.width = Math.max(1, Math.round(width * dpr));
      sheet.height = Math.max(1, Math.round(height * dpr));
    }
    viewport.resize({ width: Math.max(1, width), height: Math.max(1, height), dpr });
    // Setting a canvas's size empties it: draw now, or the picture flashes while the window is dragged.
    cancelAnimationFrame(frameDue);
    draw();
  }

  new ResizeObserver(measure).observe(room);
  watchPixelRatio(measure);

  /** @param {import("../../core/types.js").ImageInfo} next */
  async function show(next) {
    picture.value = null;
    renderer.setPicture(null, next);
    editor.pictureFailure.value = null;
    const loaded = await pictures.load(next.file_url);
    if (doc.image.peek()?.file_url !== next.file_url) return;
    if (!loaded) {
      editor.pictureFailure.value = {
        message: t("Couldn't load the image."),
        retry: () => void show(next),
      };
      return;
    }
    renderer.setPicture(loaded, next);
    picture.value = loaded;
    invalidate();
  }

  const shownFile = computed(() => doc.image.value?.file_url ?? null); // the rest of it may change while it is shown
  effect(() => {
    void shownFile.value;
    const next = doc.image.peek();
    if (next) untracked(() => void show(next));
  });

  effect(() => {
    // Everything the drawing is made of, so that a change of any asks for a new frame.
    void [viewport.view.value, viewport.size.value, prompt.value, decoded.value, choice.value, hover.value];
    void [shown.masks.value, shown.share.value, shown.active.value, shown.selected.value, shown.look.value, adjustment.value];
    void [editor.cursor.value, editor.excluding.value];
    void [pointing.draft.value, pointing.hoveredPoint.value];
    void pointing.path.value;
    void [pointing.trail.value, pointing.disc.value, pointing.painting.value, pointing.flood.value];
    invalidate();
  });

  return {
    renderer,
    picture,
    /** How the mask being made looks. */
    look: shown.look,
    /** CSS pixels of the page. @param {{x: number, y: number}} place image frame */
    onPage(place) {
      const { left, top } = room.getBoundingClientRect();
      const { x, y } = viewport.toScreen(place);
      return { x: left + x, y: top + y };
    },
    /** Loads the pictures that will be shown next. @param {readonly ImageInfo[]} images */
    ahead: (images) => pictures.ahead(images.map(({ file_url }) => file_url)),
    /** Calls back once after the next drawing. @param {(time: number) => void} tell */
    onceDrawn(tell) {
      const once = (/** @type {number} */ time) => {
        watchers.delete(once);
        tell(time);
      };
      watchers.add(once);
      invalidate();
    },
    /**
     * @param {number} width
     * @param {number} height
     * @returns {import("../../core/types.js").Rle|null} null when no mask is painted
     */
    paintedMask(width, height) {
      const lowRes = candidate();
      const mask = lowRes && renderer.paintedMask(lowRes, width, height);
      invalidate();
      return mask;
    },
  };
}

/** Zooming the page or moving it to another screen changes the pixel ratio. @param {() => void} onChange */
function watchPixelRatio(onChange) {
  const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  query.addEventListener(
    "change",
    () => {
      onChange();
      watchPixelRatio(onChange);
    },
    { once: true },
  );
}
