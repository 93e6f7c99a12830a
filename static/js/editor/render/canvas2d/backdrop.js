/** The picture below the masks, kept as it is seen until the zoom changes: neither a new mask nor a move scales it. */

import { CRISP_FROM, scaleOf } from "../layers.js";
import { cornerOf, marginOf, withinMargin } from "../shift.js";
import { PictureLevels } from "./levels.js";

/** @typedef {import("../layers.js").Drawing} Drawing */
/** @typedef {import("../layers.js").Adjustment} Adjustment */

const AS_IT_IS = "none";

/** A CSS filter; the channels' are in the page as SVG, made once. @param {Adjustment} adjust */
function filterOf({ brightness, contrast, channel }) {
  const parts = [];
  if (channel === "grey") parts.push("grayscale(1)");
  else if (channel !== "all") parts.push(`url(#${channelFilter(channel)})`);
  if (brightness !== 1) parts.push(`brightness(${brightness})`);
  if (contrast !== 1) parts.push(`contrast(${contrast})`);
  return parts.join(" ") || AS_IT_IS;
}

/** @param {'red'|'green'|'blue'} channel @returns {string} id of the filter that shows this one as grey */
function channelFilter(channel) {
  const id = `samphire-${channel}`;
  if (document.getElementById(id)) return id;
  const make = (/** @type {string} */ name) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const [svg, filter, matrix] = ["svg", "filter", "feColorMatrix"].map(make);
  const row = { red: "1 0 0 0 0", green: "0 1 0 0 0", blue: "0 0 1 0 0" }[channel];
  matrix.setAttribute("values", `${row} ${row} ${row} 0 0 0 1 0`);
  filter.setAttribute("color-interpolation-filters", "sRGB");
  filter.id = id;
  filter.append(matrix);
  svg.append(filter);
  svg.setAttribute("class", "sr-only");
  svg.setAttribute("aria-hidden", "true");
  document.body.append(svg);
  return id;
}

export function createBackdrop() {
  const kept = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** What is kept. @type {(import("../shift.js").Made & {filter: string})|null} */
  let made = null;
  let scaleBefore = 0;
  /** @type {PictureLevels|null} */
  let levels = null;

  /**
   * @param {CanvasRenderingContext2D} brush @param {import("../layers.js").Matrix} matrix image frame to the brush's canvas
   * @param {string} filter @param {PictureLevels} source @param {import("../layers.js").Size} size
   */
  function paint(brush, matrix, filter, source, { width, height }) {
    const scale = scaleOf(matrix);
    brush.save();
    brush.setTransform(...matrix);
    brush.imageSmoothingEnabled = scale < CRISP_FROM;
    brush.imageSmoothingQuality = "low"; // of a level that is at most twice as fine
    brush.filter = filter;
    brush.drawImage(source.at((scale * width) / source.width), 0, 0, width, height);
    brush.restore();
  }

  return {
    /** @param {HTMLImageElement|null} picture */
    setPicture(picture) {
      levels = picture && new PictureLevels(picture);
      made = null;
      scaleBefore = 0;
    },

    /**
     * @param {CanvasRenderingContext2D} brush  of the stage
     * @param {Drawing} drawing @param {import("../layers.js").Size} size of the picture, image pixels
     */
    draw(brush, { matrix, dpr, adjust }, size) {
      if (!levels) return;
      const { width, height } = brush.canvas;
      const filter = filterOf(adjust);
      const scale = scaleOf(matrix);
      const zooming = scaleBefore !== 0 && scale !== scaleBefore;
      scaleBefore = scale;
      if (zooming) {
        paint(brush, matrix, filter, levels, size);
        return;
      }
      const wanted = { matrix, width, height, filter };
      if (made?.filter !== filter || !cornerOf(made, wanted, dpr)) {
        made = wanted;
        kept.canvas.width = width + 2 * marginOf(dpr); // empties it
        kept.canvas.height = height + 2 * marginOf(dpr);
        paint(kept, withinMargin(matrix, dpr), filter, levels, size);
      }
      const { x, y } = cornerOf(made, wanted, dpr) ?? { x: 0, y: 0 };
      brush.drawImage(kept.canvas, x, y);
    },
  };
}
