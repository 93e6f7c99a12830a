/** A QR code: what a phone's camera reads off the screen. */

import { staticUrl } from "../../../core/address.js";
import { t } from "../../../core/text.js";
import { h } from "../dom.js";

const LIBRARY = staticUrl("vendor/lean-qr/lean-qr.mjs");
const QUIET = 4; // modules around it, as the standard wants

/** Always dark on light, whatever the theme: cameras want that. @param {string} text */
export async function qrCode(text) {
  const { generate } = /** @type {Pick<typeof import("lean-qr"), "generate">} */ (await import(LIBRARY));
  const canvas = h("canvas", { class: "qr-code", role: "img", "aria-label": t("QR code for the link") });
  generate(text).toCanvas(canvas, { on: [0, 0, 0], off: [255, 255, 255], pad: QUIET });
  return canvas;
}
