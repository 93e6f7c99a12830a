/**
 * One click to masks, wherever they are computed: this browser's worker or the server. The only door of this room;
 * callers never learn which backend answered except by `Decoded.where`.
 */

import { DecoderFailed } from "../core/errors.js";

/** @typedef {import("../core/types.js").Prompt} Prompt */
/** @typedef {import("../core/types.js").Decoded} Decoded */
/** @typedef {import("../core/types.js").LowRes} LowRes */
/** @typedef {import("../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").Where} Where */
/**
 * @typedef {object} Segmenter
 * @property {(image: ImageInfo) => Promise<void>} open  makes the image ready for clicks; `work` tells how far it is.
 *   Rejects with Superseded when another image is opened meanwhile
 * @property {(prompt: Prompt, options?: {priority?: 'hover'|'click'}) => Promise<Decoded>} decode  a hover that a newer
 *   one overtook rejects with Superseded; a click is never dropped
 * @property {(lowRes: LowRes) => Promise<MaskRle>} maskRle  the full-size mask of the opened image
 * @property {(where: Where|null) => void} force  the person's choice; null gives it back to measurement
 * @property {() => void} close
 */

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {import("../core/types.js").Boot} parts.boot
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Status>} parts.status
 * @param {import("../core/signals.js").Signal<import("../core/types.js").Work>} parts.work
 * @returns {Segmenter}
 */
export function createSegmenter({ api, socket, boot, status, work }) {
  void [api, socket, boot, status, work];
  const failed = () => Promise.reject(new DecoderFailed("The decoder is not loaded."));
  return { open: failed, decode: failed, maskRle: failed, force() {}, close() {} };
}
