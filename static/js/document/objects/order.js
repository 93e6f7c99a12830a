/** The order in which objects are listed and stepped through: the uppermost first, or those whose masks are least certain. */

import { computed, effect, signal } from "../../core/signals.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {ReadonlyMap<string, import("../../core/api-types.js").Certainty>} Told  by id */

const SETTLED_MS = 400; // since the last change, before the server is asked

/**
 * The lowest score that is known of a mask, by the server's rule; null where none is, as of what was drawn by hand. The
 * server also knows the nearest proposal.
 * @param {Pick<Annotation, "predicted_iou"|"stability_score"|"candidates_iou">} annotation
 */
export function certaintyOf({ predicted_iou, stability_score, candidates_iou }) {
  const known = [predicted_iou, stability_score, candidates_iou === null ? null : (1 + candidates_iou) / 2].filter((each) => each !== null);
  return known.length ? Math.min(...known) : null;
}

/**
 * Those of which nothing is known come last; of equals the uppermost comes first.
 * @param {readonly Annotation[]} annotations  the lowest first @param {Told} told @param {(id: string) => boolean} isSaved
 */
export function leastCertainFirst(annotations, told, isSaved) {
  const certainties = new Map(
    annotations.map((each) => {
      const theirs = told.get(each.id);
      const known = theirs?.version === each.version && isSaved(each.id) ? theirs.certainty : certaintyOf(each);
      return [each.id, known ?? Infinity];
    }),
  );
  const of = (/** @type {Annotation} */ { id }) => certainties.get(id) ?? Infinity;
  return annotations.toReversed().sort((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)));
}

/**
 * @param {object} room
 * @param {Pick<import("../../net/api.js").Api, "certainty">} room.api
 * @param {{readonly value: readonly Annotation[]}} room.all  a signal, the lowest first
 * @param {{readonly value: ReadonlyMap<string, unknown>}} room.unsaved  a signal, by id
 * @param {() => {project: string, image: string|undefined, layer: string|undefined}} room.place  what is listed
 */
export function createOrder({ api, all, unsaved, place }) {
  /** Whether the least certain come first. */
  const byCertainty = signal(false);
  const told = signal(/** @type {Told} */ (new Map()));
  /** The first of the list first. */
  const listed = computed(() =>
    byCertainty.value ? leastCertainFirst(all.value, told.value, (id) => !unsaved.value.has(id)) : all.value.toReversed(),
  );
  const versions = computed(() => (byCertainty.value ? all.value.map(({ id, version }) => `${id} ${version}`).join() : ""));
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  async function ask() {
    const { project, image, layer } = place();
    if (image === undefined) return;
    const found = await api.certainty(project, image, layer).catch(() => null); // without a server: what is known here
    if (found && place().image === image) told.value = new Map(found.map((each) => [each.id, each]));
  }

  effect(() => {
    clearTimeout(timer);
    if (versions.value) timer = setTimeout(() => void ask(), told.peek().size ? SETTLED_MS : 0);
  });

  return { byCertainty, listed };
}
