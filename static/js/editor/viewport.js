/** Where the picture lies in the stage: zoom, pan, turn. Screen coordinates are CSS pixels from the stage's corner. */

import { batch, signal } from "../core/signals.js";
import { applied, appliedRect, inverse, matrixOf, turnedSize, turnOf } from "../geometry/turns.js";

/**
 * @typedef {{scale: number, x: number, y: number, turn: import("../geometry/turns.js").Turn}} View
 *   CSS pixels per image pixel, the turned picture's corner on screen, quarters clockwise
 */
/** @typedef {{width: number, height: number, dpr: number}} StageSize  CSS pixels, and device pixels per CSS pixel */
/** @typedef {{x: number, y: number}} Place */
/** @typedef {ReturnType<typeof createViewport>} Viewport */

const LARGEST_SCALE = 64;
const MARGIN = 16;
const KEPT_IN_SIGHT = 48;

export function createViewport() {
  const view = signal(/** @type {View} */ ({ scale: 1, x: 0, y: 0, turn: 0 }));
  const size = signal(/** @type {StageSize} */ ({ width: 1, height: 1, dpr: 1 }));
  const picture = signal({ width: 1, height: 1 });
  /** Whether the whole picture is kept in view, whatever becomes of the stage. */
  const fitted = signal(true);

  /** Less than half a device pixel: what was not moved yet. CSS pixels. @type {Place} */
  let owed = { x: 0, y: 0 };

  /** The picture as it is turned now, image pixels. */
  const turned = () => turnedSize(picture.peek(), view.peek().turn);

  function fitScale() {
    const { width, height } = size.peek();
    const across = Math.max(1, width - 2 * MARGIN) / turned().width;
    const down = Math.max(1, height - 2 * MARGIN) / turned().height;
    return Math.min(across, down, LARGEST_SCALE);
  }

  /** @param {number} offset @param {number} extent @param {number} room */
  function inSight(offset, extent, room) {
    const kept = Math.min(KEPT_IN_SIGHT, extent, room);
    return Math.min(room - kept, Math.max(kept - extent, offset));
  }

  /** @param {{scale: number, x: number, y: number}} next */
  function set(next) {
    const { width, height } = size.peek();
    view.value = {
      scale: next.scale,
      x: inSight(next.x, turned().width * next.scale, width),
      y: inSight(next.y, turned().height * next.scale, height),
      turn: view.peek().turn,
    };
  }

  /** The scale that puts the picture's centre at the stage's centre. @param {number} scale */
  function centre(scale) {
    const { width, height } = size.peek();
    set({
      scale,
      x: (width - turned().width * scale) / 2,
      y: (height - turned().height * scale) / 2,
    });
  }

  function fit() {
    batch(() => {
      fitted.value = true;
      centre(fitScale());
    });
  }

  /** The nearest scale there is. @param {number} scale */
  const possible = (scale) => Math.min(LARGEST_SCALE, Math.max(Math.min(1, fitScale()) / 4, scale));

  /** @param {Place} at screen @param {number} factor */
  function zoomAt(at, factor) {
    const { scale, x, y } = view.peek();
    const next = possible(scale * factor);
    batch(() => {
      fitted.value = false;
      set({ scale: next, x: at.x - ((at.x - x) * next) / scale, y: at.y - ((at.y - y) * next) / scale });
    });
  }

  /** Zooms about the stage's centre. @param {number} factor */
  function zoom(factor) {
    zoomAt({ x: size.peek().width / 2, y: size.peek().height / 2 }, factor);
  }

  /**
   * Moves it by whole device pixels, so that what is drawn can be moved along; the rest is kept for the next time. Screens
   * of other ratios, touch and trackpads tell fractions.
   * @param {number} dx @param {number} dy
   */
  function pan(dx, dy) {
    const { scale, x, y } = view.peek();
    const { dpr } = size.peek();
    const wanted = { x: owed.x + dx, y: owed.y + dy };
    const moved = { x: Math.round(wanted.x * dpr) / dpr, y: Math.round(wanted.y * dpr) / dpr };
    owed = { x: wanted.x - moved.x, y: wanted.y - moved.y };
    batch(() => {
      fitted.value = false;
      set({ scale, x: x + moved.x, y: y + moved.y });
    });
  }

  /** Pans just enough that an image-frame place is on the stage. @param {Place} place */
  function reveal(place) {
    const at = toScreen(place);
    const { width, height } = size.peek();
    const dx = Math.max(0, MARGIN - at.x) - Math.max(0, at.x - (width - MARGIN));
    const dy = Math.max(0, MARGIN - at.y) - Math.max(0, at.y - (height - MARGIN));
    if (dx || dy) pan(dx, dy);
  }

  /** Moves an image-frame place to the stage's middle. @param {Place} place @param {number} [scale] */
  function look(place, scale = view.peek().scale) {
    const { width, height } = size.peek();
    const at = applied(matrixOf({ ...view.peek(), scale, x: 0, y: 0 }, picture.peek()), place);
    batch(() => {
      fitted.value = false;
      set({ scale, x: width / 2 - at.x, y: height / 2 - at.y });
    });
  }

  /** The image-frame place in the stage's middle. @returns {Place} */
  function middle() {
    return toImage({ x: size.peek().width / 2, y: size.peek().height / 2 });
  }

  /** What the stage shows, image frame; it may reach over the picture's edges. */
  function region() {
    const { width, height } = size.peek();
    const [left, top, right, bottom] = appliedRect(inverse(matrix()), [0, 0, width, height]);
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /**
   * Shows all of a part of the image frame, as large as it fits, in the picture as it is turned then.
   * @param {{x: number, y: number, width: number, height: number}} part @param {import("../geometry/turns.js").Turn} turn
   */
  function showRegion(part, turn) {
    const seen = turnedSize(part, turn);
    const { width, height } = size.peek();
    batch(() => {
      view.value = { ...view.peek(), turn };
      look({ x: part.x + part.width / 2, y: part.y + part.height / 2 }, possible(Math.min(width / seen.width, height / seen.height)));
    });
  }

  /** Turns the picture clockwise about the stage's middle. @param {number} quarters */
  function rotate(quarters) {
    const place = middle();
    batch(() => {
      view.value = { ...view.peek(), turn: turnOf(view.peek().turn + quarters) };
      if (fitted.peek()) fit();
      else look(place);
    });
  }

  /** @param {StageSize} next */
  function resize(next) {
    batch(() => {
      size.value = next;
      if (fitted.peek()) fit();
      else set(view.peek());
    });
  }

  /**
   * Another picture: fitted if the one before was, else at the same scale and the same relative place.
   * @param {{width: number, height: number}} next image pixels
   */
  function setPicture(next) {
    const { width, height } = picture.peek();
    const place = middle();
    batch(() => {
      picture.value = { width: next.width, height: next.height };
      if (fitted.peek()) fit();
      else look({ x: (place.x / width) * next.width, y: (place.y / height) * next.height });
    });
  }

  /** Image frame to screen. */
  const matrix = () => matrixOf(view.peek(), picture.peek());

  /** @param {Place} at screen @returns {Place} image frame, not clipped */
  function toImage(at) {
    return applied(inverse(matrix()), at);
  }

  /** @param {Place} place image frame @returns {Place} screen */
  function toScreen(place) {
    return applied(matrix(), place);
  }

  /** @param {Place} place image frame @returns {Place} the nearest place inside the picture */
  function clip(place) {
    const { width, height } = picture.peek();
    return { x: Math.min(width, Math.max(0, place.x)), y: Math.min(height, Math.max(0, place.y)) };
  }

  /** @param {Place} place image frame */
  function contains(place) {
    const { width, height } = picture.peek();
    return place.x >= 0 && place.y >= 0 && place.x < width && place.y < height;
  }

  return {
    view,
    size,
    picture,
    fitted,
    fit,
    centre,
    zoom,
    zoomAt,
    pan,
    reveal,
    look,
    middle,
    region,
    showRegion,
    rotate,
    resize,
    setPicture,
    matrix,
    toImage,
    toScreen,
    clip,
    contains,
  };
}
