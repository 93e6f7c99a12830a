/** A picture dropped or pasted while another is annotated: uploaded, then opened in its place. */

import { sentenceOf } from "../../core/errors.js";
import { counted, t } from "../../core/text.js";
import { listenForFiles } from "../shared/adding/incoming.js";

/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.projectId  they become images of
 * @param {(image: ImageInfo) => Promise<void>} parts.open
 * @param {() => string} parts.standing  what is being done, to tell whether it is still the same
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function takeInPictures({ api, projectId, open, standing, toast }) {
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
    const before = standing();
    toast({ text: counted(files.length, "Uploading {name}.", "Uploading {count} images.", { name }) });
    /** @type {ImageInfo|null} */
    let first = null;
    for (const file of files) {
      const image = await upload(file);
      first ??= image;
    }
    if (!first) return;
    const image = first;
    const show = () => void open(image).catch(() => {}); // the progress line says why
    if (standing() === before) show();
    else toast({ text: t("Added {name}.", { name: image.name }), action: { title: t("Open"), perform: show }, passing: true });
  });
}
