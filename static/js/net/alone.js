/** What a page without a server asks instead of one: it answers from what the page came with, and keeps what is made in it. */

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/types.js").LabelClass} LabelClass */
/** @typedef {import("../core/api-types.js").LabelChange} LabelChange */

/**
 * @param {object} kept
 * @param {import("../core/types.js").SegmenterInfo[]} kept.segmenters
 * @param {readonly import("../core/types.js").ImageInfo[]} kept.images
 * @param {readonly LabelClass[]} kept.labels
 * @param {readonly Annotation[]} kept.annotations
 * @param {(name: string) => Promise<ArrayBuffer>} kept.read  a file that came with the page
 */
export function createAlone({ segmenters, images, labels: first, annotations, read }) {
  let labels = { labels: [...first], version: 1 };
  /** @type {Map<string, Annotation>} */
  const objects = new Map(annotations.map((each) => [each.id, each]));

  /** @param {Annotation} object */
  function keep(object) {
    objects.set(object.id, object);
    return object;
  }

  const api = {
    labels: async () => labels,
    /** @param {string} _project @param {{labels: readonly LabelClass[]}} list */
    async replaceLabels(_project, list) {
      labels = { labels: list.labels.map((each) => ({ ...each, id: each.id ?? crypto.randomUUID() })), version: labels.version + 1 };
      return labels;
    },
    labelUses: async () => ({}),
    /** @param {string} _project @param {string} image */
    projectAnnotations: async (_project, image) => [...objects.values()].filter(({ image_id }) => image_id === image),
    /** @param {string} _project @param {string} _image @param {Annotation} annotation */
    createProjectAnnotation: async (_project, _image, annotation) => keep(annotation),
    /** @param {string} id @param {string} _project @param {Partial<Annotation>} patch */
    async updateAnnotation(id, _project, patch) {
      const before = /** @type {Annotation} */ (objects.get(id));
      return keep({ ...before, ...patch, version: before.version + 1 });
    },
    /** @param {string} id */
    async deleteAnnotation(id) {
      objects.delete(id);
    },
    segmenters: async () => segmenters,
    /** @param {string} image */
    async embedding(image) {
      const url = images.find(({ id }) => id === image)?.embedding.url ?? "";
      return { state: "ready", bytes: await read(url) };
    },
    download: read,
  };

  const socket = {
    connected: false,
    on: () => () => {},
    watch: () => Promise.reject(new Error("There is no server.")),
    unwatch() {},
    left() {},
    say: () => Promise.reject(new Error("There is no server.")),
    mention() {},
  };

  return {
    api: /** @type {import("./api.js").Api} */ (/** @type {unknown} */ (api)),
    socket: /** @type {import("./socket.js").Live} */ (/** @type {unknown} */ (socket)),
    /** All there are, in the order of their making. */
    objects: () => [...objects.values()],
  };
}
