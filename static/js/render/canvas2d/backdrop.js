/** The picture below the masks. While the view rests it is kept as it is seen, so that a new mask costs no scaling. */

import { CRISP_FROM, scaleOf } from "../layers.js";
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
  let keptOf = ""; // the view that is kept
  let before = ""; // the view of the last drawing
  /** @type {PictureLevels|null} */
  let levels = null;

  /** @param {CanvasRenderingContext2D} brush @param {Drawing} drawing @param {PictureLevels} source @param {import("../layers.js").Size} size */
  function paint(brush, { matrix, adjust }, source, { width, height }) {
    const scale = scaleOf(matrix);
    brush.save();
    brush.setTransform(...matrix);
    brush.imageSmoothingEnabled = scale < CRISP_FROM;
    brush.imageSmoothingQuality = "low"; // of a level that is at most twice as fine
    brush.filter = filterOf(adjust);
    brush.drawImage(source.at((scale * width) / source.width), 0, 0, width, height);
    brush.restore();
  }

  return {
    /** @param {HTMLImageElement|null} picture */
    setPicture(picture) {
      levels = picture && new PictureLevels(picture);
      keptOf = before = "";
    },

    /**
     * @param {CanvasRenderingContext2D} brush  of the stage
     * @param {Drawing} drawing @param {import("../layers.js").Size} size of the picture, image pixels
     */
    draw(brush, drawing, size) {
      if (!levels) return;
      const { width, height } = brush.canvas;
      const view = [...drawing.matrix, width, height, filterOf(drawing.adjust)].join();
      const rests = view === before;
      before = view;
      if (!rests) {
        paint(brush, drawing, levels, size);
        return;
      }
      if (view !== keptOf) {
        keptOf = view;
        kept.canvas.width = width; // empties it
        kept.canvas.height = height;
        paint(kept, drawing, levels, size);
      }
      brush.drawImage(kept.canvas, 0, 0);
    },
  };
}
