/** A picture dropped or pasted while another is annotated: uploaded, then opened in its place. */

import { sentenceOf } from "../../core/errors.js";
import { counted, t } from "../../core/text.js";
import { listenForFiles } from "../incoming.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.projectId  they become images of
 * @param {(image: ImageInfo) => Promise<void>} parts.open
 * @param {(toast: import("../toasts.js").Toast) => void} parts.toast
 */
export function takeInPictures({ api, projectId, open, toast }) {
  /** @param {File} file @returns {Promise<ImageInfo|null>} null when it was refused */
  async function upload(file) {
    try {
      return await api.addImage(projectId, file, file.name);
    } catch (error) {
      toast({ text: `${t("Couldn't add {name}.", { name: file.name })} ${sentenceOf(error)}` });
      return null;
    }
  }

  listenForFiles(async (files) => {
    const [{ name }] = files;
    toast({ text: counted(files.length, "Uploading {name}.", "Uploading {count} images.", { name }) });
    /** @type {ImageInfo|null} */
    let first = null;
    for (const file of files) {
      const image = await upload(file);
      first ??= image;
    }
    if (first) open(first).catch(() => {}); // the progress line says why
  });
}
