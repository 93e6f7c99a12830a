/** The listed images, fetched page after page as far as they are wanted, and how many there are in each state. */

import { computed, signal } from "../../core/signals.js";
import { STATES } from "../shared/image-states.js";

/** @typedef {import("../../core/types.js").StateCounts} StateCounts */
/** @typedef {import("../../core/types.js").ImageState} ImageState */
/** @typedef {import("../../net/projects-api.js").Selection} Selection */
/** @typedef {import("../../net/projects-api.js").ProjectImage} ProjectImage */
/** @typedef {Pick<ProjectImage, "id"|"name"|"state"|"thumbnail_url"|"annotation_count"|"assigned"|"gold"|"width"|"height">} ListedImage */

const FIRST_PAGE = 100;
const PAGE = 500;

/** What is kept of an image, of which there may be many thousands. @param {ProjectImage} image @returns {ListedImage} */
function slim({ id, name, state, thumbnail_url, annotation_count, assigned, gold, width, height }) {
  return { id, name, state, thumbnail_url, annotation_count, assigned, gold, width, height };
}

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, "projectImages">} parts.api
 * @param {string} parts.projectId
 * @param {import("../../core/signals.js").Signal<Selection>} parts.selection
 * @param {StateCounts} parts.counts  known before the first page is there
 */
export function createListing({ api, projectId, selection, counts: first }) {
  const items = signal(/** @type {readonly ListedImage[]} */ ([]));
  const counts = signal(first);
  const complete = signal(false);
  const loading = signal(false);
  const failure = signal(/** @type {import("../../core/errors.js").ApiError|null} */ (null));
  /** @type {string|null} */
  let cursor = null;
  let wanted = 0;
  let inSight = 0; // index of the last image that somebody looks at
  let generation = 0;
  /** Where a failure stopped. items: what `cursor` follows; null: what is shown. */
  let stopped = { items: /** @type {readonly ListedImage[]|null} */ (null), until: 0 };
  /** @type {Promise<void>} */
  let working = Promise.resolve();

  const total = computed(() => {
    const state = /** @type {ImageState|undefined} */ (selection.value.state);
    if (complete.value) return items.value.length;
    if (state) return Object.hasOwn(counts.value, state) ? counts.value[state] : 0;
    return STATES.reduce((sum, each) => sum + counts.value[each], 0);
  });

  /** Fetches pages until the wanted ones are there. @param {readonly ListedImage[]} from  those there are @param {number} until */
  async function fetchPages(from, until) {
    const mine = generation;
    let found = from;
    loading.value = true;
    try {
      do {
        const limit = found.length ? PAGE : FIRST_PAGE;
        const page = await api.projectImages(projectId, { ...selection.peek(), limit, cursor });
        if (mine !== generation) return;
        found = [...found, ...page.images.map(slim)];
        cursor = page.next;
        failure.value = null;
        counts.value = page.counts;
        if (cursor !== null && found.length < until) continue; // what is in sight is replaced at once
        items.value = found;
        complete.value = cursor === null;
      } while (cursor !== null && found.length <= Math.max(wanted, until - 1));
    } catch (error) {
      if (mine !== generation) return;
      stopped = { items: until ? found : null, until };
      failure.value = /** @type {import("../../core/errors.js").ApiError} */ (error);
    } finally {
      if (mine === generation) loading.value = false;
    }
  }

  /** Up to this index and as many before it. @param {number} index */
  function need(index) {
    wanted = Math.max(wanted, index);
    if (index < Infinity) inSight = index;
    if (complete.peek() || items.peek().length > wanted) return Promise.resolve();
    if (!loading.peek() && failure.peek() === null) working = fetchPages(items.peek(), 0);
    return working;
  }

  /** Starts again from the first page. @param {boolean} keep  show what there was until what is in sight is there again */
  function reload(keep) {
    generation += 1;
    cursor = null;
    failure.value = null;
    wanted = keep ? inSight : 0;
    if (!keep) {
      inSight = 0;
      items.value = [];
      complete.value = false;
    }
    working = fetchPages([], keep ? inSight + 1 : 0);
    return working;
  }

  /** After a failure. */
  function retry() {
    failure.value = null;
    working = fetchPages(stopped.items ?? items.peek(), stopped.until);
    return working;
  }

  return {
    items,
    counts,
    total,
    complete,
    loading,
    failure,
    need,
    reload,
    retry,
    /** Every image that is listed, however often that begins anew; null when another choice or a failure comes first. */
    async all() {
      const chosen = selection.peek();
      do {
        const fetched = need(Infinity);
        await (loading.peek() ? working : fetched);
        if (failure.peek() !== null || selection.peek() !== chosen) return null;
      } while (loading.peek() || !complete.peek());
      return items.peek();
    },
    /** Shows a change before the server has it. @param {ReadonlySet<string>} ids @param {Partial<ListedImage>} changes */
    change(ids, changes) {
      items.value = items.peek().map((item) => (ids.has(item.id) ? { ...item, ...changes } : item));
    },
  };
}
