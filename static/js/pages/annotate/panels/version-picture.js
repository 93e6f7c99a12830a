/** A little picture of one version of an object: its mask over the part of the picture around it. */

import { paintMask } from "../../../editor/render/paint-mask.js";
import { under } from "../../../net/base.js";
import { h } from "../../shared/dom.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {{x: number, y: number, width: number, height: number}} Window  image pixels */

const WIDTH = 176; // CSS pixels
const HEIGHT = 120;
const ROOM_AROUND = 0.2;
const COVER = 0.55;

/**
 * The part of the picture that shows all versions, in the pictures' shape.
 * @param {ReadonlyArray<Annotation>} versions @returns {Window}
 */
export function windowAround(versions) {
  const left = Math.min(...versions.map(({ bbox }) => bbox[0]));
  const top = Math.min(...versions.map(({ bbox }) => bbox[1]));
  const right = Math.max(...versions.map(({ bbox }) => bbox[0] + bbox[2]));
  const bottom = Math.max(...versions.map(({ bbox }) => bbox[1] + bbox[3]));
  const scale = (1 + 2 * ROOM_AROUND) * Math.max((right - left) / WIDTH, (bottom - top) / HEIGHT, 8 / WIDTH);
  const width = scale * WIDTH;
  const height = scale * HEIGHT;
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
}

/** @param {Annotation} version @param {Window} window */
export function versionPicture(version, window) {
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const canvas = h("canvas", { width: WIDTH * ratio, height: HEIGHT * ratio, "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const mask = h("canvas");
  paintMask(mask, version.rle, version.color);
  const draw = (/** @type {HTMLImageElement|null} */ picture) => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.scale(canvas.width / window.width, canvas.height / window.height);
    context.translate(-window.x, -window.y);
    if (picture) context.drawImage(picture, 0, 0, version.rle.size[1], version.rle.size[0]);
    context.globalAlpha = COVER;
    context.drawImage(mask, version.bbox[0], version.bbox[1]);
    context.globalAlpha = 1;
  };
  draw(null);
  const picture = new Image();
  picture.onload = () => draw(picture);
  picture.src = under(`/api/images/${encodeURIComponent(version.image_id)}/file`);
  return canvas;
}
