/** The accepted masks of the opened image: shown at once, saved in order behind, told apart by whether they are. */

import { ApiError } from "../core/errors.js";
import { batch, computed, signal } from "../core/signals.js";
import { annotations } from "../core/state.js";

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {Partial<Pick<Annotation, 'label'|'color'>>} Change */
/** @typedef {{state: 'saving'|'failed', message: string, retry: () => void}} Saving */
/** @typedef {ReturnType<typeof createAnnotations>} Annotations */

/** @param {import("../net/api.js").Api} api */
export function createAnnotations(api) {
  /** Annotations whose last change the server has not confirmed, by id. */
  const unsaved = signal(/** @type {ReadonlyMap<string, Saving>} */ (new Map()));
  const selectedId = signal(/** @type {string|null} */ (null));
  const hidden = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const selected = computed(() => annotations.value.find(({ id }) => id === selectedId.value) ?? null);
  /** Writes not yet confirmed, by annotation, in order: each waits for the one before it. */
  const outbox = /** @type {Map<string, Array<() => Promise<void>>>} */ (new Map());
  const sending = /** @type {Set<string>} */ (new Set());
  /** Versions the server is known to have. */
  const versions = /** @type {Map<string, number>} */ (new Map());
  /** Deleted here, until the server knows: news and lists may still speak of them. */
  const removed = /** @type {Set<string>} */ (new Set());
  let turn = 0; // of the list asked for last: an older one that comes late is dropped

  /** @param {string} id @param {Saving|null} saving */
  function mark(id, saving) {
    const next = new Map(unsaved.peek());
    if (saving) next.set(id, saving);
    else next.delete(id);
    unsaved.value = next;
  }

  /** Puts an annotation in its place, or at the end. @param {Annotation} annotation */
  function place(annotation) {
    const list = annotations.peek();
    const at = list.findIndex(({ id }) => id === annotation.id);
    annotations.value = at < 0 ? [...list, annotation] : list.with(at, annotation);
  }

  /** Out of sight. @param {string} id */
  function take(id) {
    batch(() => {
      annotations.value = annotations.peek().filter((annotation) => annotation.id !== id);
      if (selectedId.peek() === id) selectedId.value = null;
    });
  }

  /** @param {Annotation} saved the server's answer */
  function confirm(saved) {
    versions.set(saved.id, saved.version);
    const shown = annotations.peek().find(({ id }) => id === saved.id);
    if (shown) place({ ...shown, version: saved.version, updated_at: saved.updated_at });
  }

  /** @param {string} id @param {() => Promise<void>} write */
  function save(id, write) {
    outbox.set(id, [...(outbox.get(id) ?? []), write]);
    void send(id);
  }

  /**
   * Sends what is in the outbox, until it is empty or a write fails; what failed stays first.
   * @param {string} id
   */
  async function send(id) {
    if (sending.has(id)) return;
    sending.add(id);
    mark(id, { state: "saving", message: "", retry: () => {} });
    try {
      for (let write = outbox.get(id)?.[0]; write; write = outbox.get(id)?.[0]) {
        await write();
        outbox.set(id, outbox.get(id)?.slice(1) ?? []);
      }
      outbox.delete(id);
      mark(id, null);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      mark(id, { state: "failed", message, retry: () => void send(id) });
    } finally {
      sending.delete(id);
    }
  }

  /** @param {Annotation} annotation with an id made here */
  function add(annotation) {
    removed.delete(annotation.id);
    place(annotation);
    save(annotation.id, async () => confirm(await api.createAnnotation(annotation.image_id, annotation)));
  }

  /** @param {string} id @param {Change} patch */
  function change(id, patch) {
    const shown = annotations.peek().find((annotation) => annotation.id === id);
    if (!shown) return;
    place({ ...shown, ...patch });
    save(id, () => update(id, patch));
  }

  /**
   * A change made elsewhere meanwhile is kept, except in the fields changed here; so is a deletion.
   * @param {string} id
   * @param {Change} patch
   */
  async function update(id, patch) {
    try {
      confirm(await api.updateAnnotation(id, { ...patch, version: versions.get(id) ?? 1 }));
    } catch (error) {
      if (isGone(error)) return drop(id, true);
      const current = currentOf(error);
      if (!current) throw error;
      versions.set(id, current.version);
      place({ ...current, ...patch });
      confirm(await api.updateAnnotation(id, { ...patch, version: current.version }));
    }
  }

  /** @param {string} id */
  function remove(id) {
    removed.add(id);
    take(id);
    outbox.set(id, (outbox.get(id) ?? []).slice(0, sending.has(id) ? 1 : 0)); // what has not been sent need not be
    save(id, async () => {
      try {
        await api.deleteAnnotation(id, versions.get(id) ?? 1);
      } catch (error) {
        const current = currentOf(error);
        if (current) await api.deleteAnnotation(id, current.version);
        else if (!isGone(error)) throw error;
      }
      versions.delete(id);
      removed.delete(id);
    });
  }

  /** The server's list, with what this tab has changed and not yet saved. @param {string} imageId */
  async function load(imageId) {
    const mine = ++turn;
    const removedBefore = new Set(removed); // the list may be older than the answer to their deletion
    const list = await api.annotations(imageId);
    if (mine !== turn) return;
    const gone = (/** @type {string} */ id) => removed.has(id) || removedBefore.has(id);
    const own = annotations
      .peek()
      .filter(({ id, image_id }) => image_id === imageId && unsaved.peek().has(id));
    const theirs = list.filter(({ id }) => !gone(id) && !own.some((each) => each.id === id));
    batch(() => {
      for (const { id, version } of list) versions.set(id, version);
      annotations.value = [...theirs, ...own];
      if (!selected.peek()) selectedId.value = null;
    });
  }

  /** Another image is opened: nothing shown, selected or hidden. */
  function empty() {
    turn += 1;
    batch(() => {
      annotations.value = [];
      hidden.value = new Set();
      selectedId.value = null;
    });
  }

  /** News from another window. @param {Annotation} annotation */
  function adopt(annotation) {
    const known = versions.get(annotation.id) ?? 0;
    if (removed.has(annotation.id) || unsaved.peek().has(annotation.id) || annotation.version <= known)
      return;
    versions.set(annotation.id, annotation.version);
    place(annotation);
  }

  /**
   * It was deleted elsewhere; should it be restored there, its versions start anew.
   * @param {string} id
   * @param {boolean} [changed] even though this tab has changed it since
   */
  function drop(id, changed = false) {
    if (unsaved.peek().has(id) && !changed) return;
    versions.delete(id);
    take(id);
  }

  /** @param {string} id */
  function toggle(id) {
    const next = new Set(hidden.peek());
    if (!next.delete(id)) next.add(id);
    hidden.value = next;
  }

  /** @param {string|null} id */
  function select(id) {
    selectedId.value = id;
  }

  return {
    unsaved,
    selected,
    selectedId,
    hidden,
    add,
    change,
    remove,
    load,
    empty,
    adopt,
    drop,
    toggle,
    select,
  };
}

/** @param {unknown} error */
function isGone(error) {
  return error instanceof ApiError && error.status === 404;
}

/**
 * The other side's version, when a write was refused for being based on an older one.
 * @param {unknown} error
 * @returns {Annotation|null}
 */
function currentOf(error) {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  return /** @type {Annotation|null} */ (error.detail.current ?? null);
}
