/** What a page without a server asks instead of one: it answers from what the page came with, and keeps what is made in it. */

import { SamphireError } from "../core/errors.js";
import { newId } from "../core/ids.js";
import { signal } from "../core/signals.js";
import { t } from "../core/text.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").LabelClass} LabelClass */
/** @typedef {import("./transfers.js").TransferOptions} TransferOptions */

/**
 * @param {object} kept
 * @param {import("../core/signals.js").Signal<readonly import("../core/types.js").ImageInfo[]>} kept.images
 * @param {readonly LabelClass[]} kept.labels
 * @param {readonly Annotation[]} kept.annotations
 * @param {(name: string, options?: TransferOptions) => Promise<ArrayBuffer>} kept.read  a file that came with the page
 */
export function createAlone({ images, labels: first, annotations, read }) {
  let labels = { labels: [...first], version: 1 };
  /** Of all images, in the order of their making: another list with every change. */
  const objects = signal(annotations);

  const api = {
    labels: async () => labels,
    /** @param {string} _project @param {{labels: readonly LabelClass[]}} list */
    async replaceLabels(_project, list) {
      labels = { labels: list.labels.map((each) => ({ ...each, id: each.id ?? newId() })), version: labels.version + 1 };
      return labels;
    },
    /** @param {string} _project @param {string} image */
    projectAnnotations: async (_project, image) => objects.peek().filter(({ image_id }) => image_id === image),
    certainty: async () => [], // what is known here is all there is
    /** @param {string} _project @param {string} _image @param {Annotation} annotation */
    async createProjectAnnotation(_project, _image, annotation) {
      objects.value = [...objects.peek(), annotation];
      return annotation;
    },
    /** @param {string} id @param {string} _project @param {Partial<Annotation>} patch */
    async updateAnnotation(id, _project, patch) {
      objects.value = objects.peek().map((each) => (each.id === id ? { ...each, ...patch, version: each.version + 1 } : each));
      return objects.peek().find((each) => each.id === id);
    },
    /** @param {string} id */
    async deleteAnnotation(id) {
      objects.value = objects.peek().filter((each) => each.id !== id);
    },
    /** @param {string} image @param {unknown} _key @param {TransferOptions} options */
    async embedding(image, _key, options) {
      const url = images.peek().find(({ id }) => id === image)?.embedding.url ?? "";
      return { state: "ready", bytes: await read(url, options) };
    },
    download: read,
  };

  /** Asked only when this browser has failed. @returns {Promise<never>} */
  async function nobody() {
    throw new SamphireError("no_server", t("This browser can't compute masks here."), t("Reload the page, or try another browser."));
  }
  const socket = { connected: false, on: () => () => {}, watch: nobody, unwatch() {}, predict: nobody };

  return {
    api: /** @type {import("./api.js").Api} */ (/** @type {unknown} */ (api)),
    socket: /** @type {import("./socket.js").Live} */ (/** @type {unknown} */ (socket)),
    objects,
  };
}
