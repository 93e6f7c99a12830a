/** Where the picture lies in the stage: zoom and pan. Screen coordinates are CSS pixels from the stage's corner. */

import { signal } from "../core/signals.js";

/** @typedef {{scale: number, x: number, y: number}} View  screen = image * scale + (x, y) */
/** @typedef {{width: number, height: number, dpr: number}} StageSize  CSS pixels, and device pixels per CSS pixel */
/** @typedef {{x: number, y: number}} Place */
/** @typedef {ReturnType<typeof createViewport>} Viewport */

const LARGEST_SCALE = 64;
const MARGIN = 16;
const KEPT_IN_SIGHT = 48;

export function createViewport() {
  const view = signal(/** @type {View} */ ({ scale: 1, x: 0, y: 0 }));
  const size = signal(/** @type {StageSize} */ ({ width: 1, height: 1, dpr: 1 }));
  const picture = signal({ width: 1, height: 1 });
  let fitted = true;

  function fitScale() {
    const { width, height } = size.peek();
    const across = Math.max(1, width - 2 * MARGIN) / picture.peek().width;
    const down = Math.max(1, height - 2 * MARGIN) / picture.peek().height;
    return Math.min(across, down, LARGEST_SCALE);
  }

  /** @param {number} offset @param {number} extent @param {number} room */
  function inSight(offset, extent, room) {
    const kept = Math.min(KEPT_IN_SIGHT, extent, room);
    return Math.min(room - kept, Math.max(kept - extent, offset));
  }

  /** @param {View} next */
  function set(next) {
    const { width, height } = size.peek();
    view.value = {
      scale: next.scale,
      x: inSight(next.x, picture.peek().width * next.scale, width),
      y: inSight(next.y, picture.peek().height * next.scale, height),
    };
  }

  /** The scale that puts the picture's centre at the stage's centre. @param {number} scale */
  function centre(scale) {
    const { width, height } = size.peek();
    set({
      scale,
      x: (width - picture.peek().width * scale) / 2,
      y: (height - picture.peek().height * scale) / 2,
    });
  }

  function fit() {
    fitted = true;
    centre(fitScale());
  }

  /** @param {Place} at screen @param {number} factor */
  function zoomAt(at, factor) {
    const { scale, x, y } = view.peek();
    const smallest = Math.min(1, fitScale()) / 4;
    const next = Math.min(LARGEST_SCALE, Math.max(smallest, scale * factor));
    fitted = false;
    set({ scale: next, x: at.x - ((at.x - x) * next) / scale, y: at.y - ((at.y - y) * next) / scale });
  }

  /** Zooms about the stage's centre. @param {number} factor */
  function zoom(factor) {
    zoomAt({ x: size.peek().width / 2, y: size.peek().height / 2 }, factor);
  }

  /** @param {number} dx @param {number} dy */
  function pan(dx, dy) {
    const { scale, x, y } = view.peek();
    fitted = false;
    set({ scale, x: x + dx, y: y + dy });
  }

  /** Pans just enough that an image-frame place is on the stage. @param {Place} place */
  function reveal(place) {
    const at = toScreen(place);
    const { width, height } = size.peek();
    const dx = Math.max(0, MARGIN - at.x) - Math.max(0, at.x - (width - MARGIN));
    const dy = Math.max(0, MARGIN - at.y) - Math.max(0, at.y - (height - MARGIN));
    if (dx || dy) pan(dx, dy);
  }

  /** @param {StageSize} next */
  function resize(next) {
    size.value = next;
    if (fitted) fit();
    else set(view.peek());
  }

  /** @param {{width: number, height: number}} next image pixels */
  function setPicture(next) {
    picture.value = { width: next.width, height: next.height };
    fit();
  }

  /** @param {Place} at screen @returns {Place} image frame, not clipped */
  function toImage(at) {
    const { scale, x, y } = view.peek();
    return { x: (at.x - x) / scale, y: (at.y - y) / scale };
  }

  /** @param {Place} place image frame @returns {Place} screen */
  function toScreen(place) {
    const { scale, x, y } = view.peek();
    return { x: place.x * scale + x, y: place.y * scale + y };
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
    fit,
    centre,
    zoom,
    zoomAt,
    pan,
    reveal,
    resize,
    setPicture,
    toImage,
    toScreen,
    clip,
    contains,
  };
}
