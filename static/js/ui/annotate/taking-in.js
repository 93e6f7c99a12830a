/** A picture dropped or pasted while another is annotated: uploaded, then opened in its place. */

import { t } from "../../core/text.js";
import { listenForFiles } from "../incoming.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(image: ImageInfo) => Promise<void>} parts.open
 * @param {(toast: import("../toasts.js").Toast) => void} parts.toast
 */
export function takeInPictures({ api, open, toast }) {
  /** @param {File} file @returns {Promise<ImageInfo|null>} null when it was refused */
  async function upload(file) {
    try {
      return await api.upload(file, file.name);
    } catch (error) {
      const { message, hint } = /** @type {import("../../core/errors.js").ApiError} */ (error);
      toast({ text: `${t("{name} was not taken in.", { name: file.name })} ${message} ${hint}` });
      return null;
    }
  }

  listenForFiles(async (files) => {
    toast({ text: files.length === 1 ? `Uploading ${files[0].name}.` : `Uploading ${files.length} pictures.` });
    /** @type {ImageInfo|null} */
    let first = null;
    for (const file of files) {
      const image = await upload(file);
      first ??= image;
    }
    if (first) open(first).catch(() => {}); // the progress line says why
  });
}
